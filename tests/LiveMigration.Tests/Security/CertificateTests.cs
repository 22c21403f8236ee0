using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using LiveMigration.Errors;
using LiveMigration.Security.Certificates;

namespace LiveMigration.Tests.Security;

/// <summary>E3: certificates are made with the right names, kept secret where they must be, and never overwritten unasked.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly string _path = Directory.CreateTempSubdirectory("pki").FullName;

    private CertificateFolder Folder => new(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Theory]
    [InlineData(CertificateKey.Rsa, "RSA 3072")]
    [InlineData(CertificateKey.Ecdsa, "ECDSA 256")]
    public void A_host_gets_two_certificates_that_hold_for_all_its_names(CertificateKey key, string described)
    {
        var authority = Folder.MakeAuthority("CA of mine", key, 3650, Now)!;
        var made = Folder.Make(new HostCertificateRequest { Name = "a", Names = ["a.lab", "a", "10.0.0.1", "fd00::1"], Key = key }, Now);

        Assert.Equal([CertificateRole.Server, CertificateRole.Client], made.Select(one => one.Role));
        Assert.All(made, one => Assert.Equal(described, one.Key));
        Assert.All(made, one => Assert.Equal(["a.lab", "a", "10.0.0.1", "fd00::1"], one.Names));
        Assert.Equal(("CA of mine", CertificateRole.Authority, Path.Combine(_path, "ca-cert.pem")), (authority.Name, authority.Role, authority.Path));
        var report = CertificateReview.Check(Path.Combine(_path, "a"), ["a.lab", "a", "10.0.0.1", "fd00::1", "[fd00::1]"]);
        Assert.True(report.IsValid, string.Join('\n', report.Faults));
        Assert.Empty(report.Faults);
        using var server = X509Certificate2.CreateFromPem(File.ReadAllText(made[0].Path));
        Assert.Equal(key is CertificateKey.Rsa, server.Extensions.OfType<X509KeyUsageExtension>().Single().Critical);
    }

    [Fact]
    public void Keys_are_for_their_owner_alone_and_nothing_else_is_left()
    {
        Make("a");

        Assert.Equal(
            ["a/ca-cert.pem", "a/client-cert.pem", "a/client-key.pem", "a/server-cert.pem", "a/server-key.pem", "ca-cert.pem", "ca-key.pem"],
            Directory.GetFiles(_path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_path, file)).Order(StringComparer.Ordinal));
        foreach (var key in Directory.GetFiles(_path, "*-key.pem", SearchOption.AllDirectories))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
            Assert.StartsWith("-----BEGIN PRIVATE KEY-----", File.ReadAllText(key), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_there_is_replaced_only_when_asked_for_and_the_CA_never()
    {
        Make("a");
        var before = File.ReadAllText(Path.Combine(_path, "a", "server-key.pem"));
        var authority = File.ReadAllText(Path.Combine(_path, "ca-key.pem"));

        var error = Assert.Throws<LiveMigrationException>(() => Make("a"));
        Assert.Equal(Faults.CertificateExists, error.Fault);
        Assert.Contains(Path.Combine(_path, "a", "server-key.pem"), error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(_path, "a", "server-key.pem")));
        Make("a", replace: true);
        Assert.NotEqual(before, File.ReadAllText(Path.Combine(_path, "a", "server-key.pem")));
        Assert.Equal(authority, File.ReadAllText(Path.Combine(_path, "ca-key.pem")));
    }

    [Fact]
    public void A_key_without_its_CA_is_not_overwritten()
    {
        File.WriteAllText(Path.Combine(_path, "ca-key.pem"), "precious");

        Assert.Equal(Faults.CertificateExists, Assert.Throws<LiveMigrationException>(() => Make("a")).Fault);
        Assert.Equal("precious", File.ReadAllText(Path.Combine(_path, "ca-key.pem")));
    }

    [Fact]
    public void No_certificate_outlives_its_CA()
    {
        Folder.MakeAuthority("CA", CertificateKey.Ecdsa, 30, Now);
        var made = Folder.Make(new HostCertificateRequest { Name = "a", Key = CertificateKey.Ecdsa, ValidDays = 825 }, Now);

        Assert.All(made, one => Assert.Equal(Now.AddDays(30), one.NotAfter, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void A_machine_that_only_connects_gets_the_files_that_libvirt_looks_for()
    {
        Folder.MakeAuthority("CA", CertificateKey.Ecdsa, 3650, Now);
        Folder.Make(new HostCertificateRequest { Name = "me", Roles = [CertificateRole.Client], Key = CertificateKey.Ecdsa }, Now);

        Assert.Equal(["cacert.pem", "clientcert.pem", "clientkey.pem"], Directory.GetFiles(Path.Combine(_path, "me")).Select(Path.GetFileName).Order());
        Assert.True(CertificateReview.Check(Path.Combine(_path, "me"), ["anything"]).IsValid);
    }

    [Fact]
    public async Task Names_are_expanded_by_their_short_forms_and_what_the_resolver_knows()
    {
        Assert.Equal(["kvm1.example.org", "kvm1", "10.0.0.1"], await HostCertificateRequest.ExpandNamesAsync(["kvm1.example.org", " KVM1 ", "", "10.0.0.1"], lookUp: false));
        // This machine's resolver knows itself as a loopback, by which nobody reaches it.
        Assert.Equal(["localhost"], await HostCertificateRequest.ExpandNamesAsync(["localhost"]));
        Assert.Equal(["no-such-host.invalid", "no-such-host"], await HostCertificateRequest.ExpandNamesAsync(["no-such-host.invalid"]));
    }

    [Fact]
    public void A_folder_without_a_CA_is_said_to_be_one()
    {
        var error = Assert.Throws<LiveMigrationException>(() => Folder.Make(new HostCertificateRequest { Name = "a" }, Now));
        Assert.Equal(Faults.CertificateUnusable, error.Fault);
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc")]
    [InlineData("..")]
    [InlineData("")]
    public void A_hosts_folder_stays_within_the_folder(string name)
    {
        Folder.MakeAuthority("CA", CertificateKey.Ecdsa, 3650, Now);

        Assert.Throws<LiveMigrationException>(() => Folder.Make(new HostCertificateRequest { Name = name, Key = CertificateKey.Ecdsa }, Now));
        Assert.Equal(2, Directory.GetFileSystemEntries(_path).Length);
    }

    /// <summary>D1: the script runs as root; text around the blocks of a PEM file, which anybody may have written, is in no line of it.</summary>
    [Theory]
    [InlineData("END")]
    [InlineData(".")]
    [InlineData("EOF")]
    public void Nothing_but_certificates_and_keys_goes_into_the_script_that_installs_them(string end)
    {
        Make("a");
        var clean = InstallationScript.Write(Path.Combine(_path, "a"), CertificateReader.Libvirt | CertificateReader.Qemu, Now);
        foreach (var file in Directory.GetFiles(Path.Combine(_path, "a")))
            File.WriteAllText(file, $"Bag Attributes\n{end}\ntouch /tmp/x\n\r\n" + File.ReadAllText(file) + $"\n{end}\ntouch /tmp/x; : <<'{end}'\n");

        Assert.Equal(clean, InstallationScript.Write(Path.Combine(_path, "a"), CertificateReader.Libvirt | CertificateReader.Qemu, Now));
        Assert.DoesNotContain("touch", clean, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_key_is_not_installed_as_one()
    {
        Make("a");
        File.Copy(Path.Combine(_path, "a", "server-cert.pem"), Path.Combine(_path, "a", "server-key.pem"), overwrite: true);

        var error = Assert.Throws<LiveMigrationException>(() => InstallationScript.Write(Path.Combine(_path, "a"), CertificateReader.Qemu, Now));
        Assert.Equal(Faults.CertificateUnusable, error.Fault);
        Assert.Contains("server-key.pem", error.Message, StringComparison.Ordinal);
    }

    private void Make(string name, bool replace = false)
    {
        Folder.MakeAuthority("CA", CertificateKey.Ecdsa, 3650, Now);
        Folder.Make(new HostCertificateRequest { Name = name, Names = [name], Key = CertificateKey.Ecdsa, Replace = replace }, Now);
    }
}
