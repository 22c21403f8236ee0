using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LiveMigration.Errors;
using LiveMigration.Security.Certificates;

namespace LiveMigration.Tests.Security;

/// <summary>E3: every fault of a set of certificates is found, named and comes with what puts it right.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CertificateReviewTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly CertificateValidity Year = new(Now.AddHours(-1), Now.AddDays(365));

    private readonly string _path = Directory.CreateTempSubdirectory("pki").FullName;

    private string Host => Path.Combine(_path, "a");

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void One_that_has_expired() => Finds(CertificateFaultKind.Expired, () => Make(new(Now.AddDays(-20), Now.AddDays(-1))), "expired on");

    [Fact]
    public void One_that_is_not_valid_yet() => Finds(CertificateFaultKind.NotYetValid, () => Make(new(Now.AddDays(1), Now.AddDays(365))), "is not valid before");

    [Fact]
    public void One_that_expires_soon_is_told_and_is_valid()
    {
        Make(new(Now.AddDays(-20), Now.AddDays(10)));

        var report = CertificateReview.Check(Host, ["a"]);
        Assert.True(report.IsValid);
        Assert.Equal([CertificateFaultKind.ExpiresSoon, CertificateFaultKind.ExpiresSoon], report.Faults.Select(fault => fault.Kind));
    }

    [Fact]
    public void One_from_another_CA() => Finds(
        CertificateFaultKind.OtherAuthority,
        () =>
        {
            Make(Year);
            File.Copy(Other("ca-cert.pem"), Path.Combine(Host, "ca-cert.pem"), overwrite: true);
        },
        "was issued by 'CN=CA', not by this CA, 'CN=Other'");

    /// <summary>Two CAs of one name: only the signature tells.</summary>
    [Fact]
    public void One_from_another_CA_of_the_same_name() => Finds(
        CertificateFaultKind.OtherAuthority,
        () =>
        {
            Make(Year);
            File.Copy(Other("ca-cert.pem", "CA"), Path.Combine(Host, "ca-cert.pem"), overwrite: true);
        },
        "not by this CA");

    [Fact]
    public void A_CA_that_is_none() => Finds(
        CertificateFaultKind.NotAnAuthority,
        () =>
        {
            Make(Year);
            File.Copy(Path.Combine(Host, "server-cert.pem"), Path.Combine(Host, "ca-cert.pem"), overwrite: true);
        },
        "does not belong to a CA");

    [Theory]
    [InlineData("b.lab")]
    [InlineData("10.0.0.2")]
    public void A_name_that_is_not_in_it(string address)
    {
        Make(Year);

        var report = CertificateReview.Check(Host, ["a", address]);
        var fault = Assert.Single(report.Faults);
        Assert.Equal((CertificateFaultKind.WrongName, $"The server certificate is not for '{address}', but for a, 10.0.0.1."), (fault.Kind, fault.Message));
        Assert.Contains("-Address", fault.Fix, StringComparison.Ordinal);
        Assert.False(report.IsValid);
    }

    /// <summary>What certtool makes of <c>dns_name = 10.0.0.1</c>: libvirt does not look for an address there.</summary>
    [Fact]
    public void An_address_that_was_put_in_as_a_name()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("10.0.0.1");
        Craft(request => request.CertificateExtensions.Add(names.Build()));

        Assert.Contains(CertificateReview.Check(Host, ["10.0.0.1"]).Faults, fault => fault.Kind is CertificateFaultKind.WrongName);
    }

    [Fact]
    public void A_client_certificate_in_the_servers_place() => Finds(
        CertificateFaultKind.WrongUsage,
        () =>
        {
            Make(Year);
            File.Copy(Path.Combine(Host, "client-cert.pem"), Path.Combine(Host, "server-cert.pem"), overwrite: true);
        },
        "cannot be used by a server");

    [Fact]
    public void An_ECDSA_certificate_as_others_make_it() => Finds(
        CertificateFaultKind.WrongUsage,
        () => Craft(request => request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true))),
        "does not allow key encipherment");

    [Fact]
    public void A_key_that_is_too_short() => Finds(CertificateFaultKind.WeakKey, () => Craft(_ => { }, bits: 1024), "1024 bits");

    [Fact]
    public void A_key_of_another_certificate() => Finds(
        CertificateFaultKind.OtherKey,
        () =>
        {
            Make(Year);
            File.Copy(Path.Combine(Host, "client-key.pem"), Path.Combine(Host, "server-key.pem"), overwrite: true);
        },
        "is not the key of the server certificate");

    [Fact]
    public void A_key_that_others_can_read() => Finds(
        CertificateFaultKind.WrongFileMode,
        () =>
        {
            Make(Year);
            File.SetUnixFileMode(Path.Combine(Host, "server-key.pem"), (UnixFileMode)0b110_100_000);
        },
        "server-key.pem");

    [Theory]
    [InlineData("ca-cert.pem")]
    [InlineData("server-cert.pem")]
    [InlineData("server-key.pem")]
    [InlineData("client-cert.pem")]
    [InlineData("client-key.pem")]
    public void A_file_that_is_missing(string file) => Finds(
        CertificateFaultKind.Missing,
        () =>
        {
            Make(Year);
            File.Delete(Path.Combine(Host, file));
        },
        file);

    [Fact]
    public void A_file_that_is_no_certificate() => Finds(
        CertificateFaultKind.Unreadable,
        () =>
        {
            Make(Year);
            File.WriteAllText(Path.Combine(Host, "server-cert.pem"), "nonsense");
        },
        "server-cert.pem");

    [Fact]
    public void All_faults_are_told_and_not_only_the_first()
    {
        Make(new(Now.AddDays(-20), Now.AddDays(-1)));
        File.SetUnixFileMode(Path.Combine(Host, "client-key.pem"), (UnixFileMode)0b110_110_110);

        Assert.Equal(
            [CertificateFaultKind.Expired, CertificateFaultKind.WrongName, CertificateFaultKind.Expired, CertificateFaultKind.WrongFileMode],
            CertificateReview.Check(Host, ["elsewhere"]).Faults.Select(fault => fault.Kind));
    }

    [Fact]
    public void A_folder_that_is_not_there() =>
        Assert.Equal(Faults.CertificatesNotFound, Assert.Throws<LiveMigrationException>(() => CertificateReview.Check("/no/such/folder", [])).Fault);

    [Fact]
    public async Task A_handshake_shows_all_that_is_wrong_with_a_servers_certificate()
    {
        Make(new(Now.AddDays(-20), Now.AddDays(-1)));
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(Host, "server-cert.pem"), Path.Combine(Host, "server-key.pem"));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, certificate);

        var report = await CertificateReview.ShakeHandsAsync("127.0.0.1", Other("ca-cert.pem"), ((IPEndPoint)listener.LocalEndpoint).Port);
        await serving;

        Assert.Equal(
            [CertificateFaultKind.Expired, CertificateFaultKind.OtherAuthority, CertificateFaultKind.WrongName],
            report.Faults.Select(fault => fault.Kind));
        Assert.Equal(["a", "10.0.0.1"], report.Names);
    }

    [Fact]
    public async Task Nobody_who_answers()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var fault = Assert.Single((await CertificateReview.ShakeHandsAsync("127.0.0.1", port: port)).Faults);
        Assert.Equal(CertificateFaultKind.NoAnswer, fault.Kind);
        Assert.Contains("libvirtd-tls.socket", fault.Fix, StringComparison.Ordinal);
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var stream = new SslStream(client.GetStream());
        await Record.ExceptionAsync(() => stream.AuthenticateAsServerAsync(certificate));
    }

    private void Finds(CertificateFaultKind kind, Action arrange, string words)
    {
        arrange();
        var report = CertificateReview.Check(Host, ["a", "10.0.0.1"]);
        var fault = report.Faults.FirstOrDefault(fault => fault.Kind == kind);
        Assert.True(fault is not null, $"Not found among: {string.Join('\n', report.Faults)}");
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Fix);
        Assert.False(report.IsValid);
    }

    private void Make(CertificateValidity validity)
    {
        var folder = new CertificateFolder(_path);
        folder.MakeAuthority("CA", CertificateKey.Ecdsa, 3650, Now.AddDays(-30));
        folder.Make(new HostCertificateRequest { Name = "a", Names = ["a", "10.0.0.1"], Key = CertificateKey.Ecdsa }, validity);
    }

    private string Other(string file, string name = "Other")
    {
        var path = Path.Combine(_path, "other");
        new CertificateFolder(path).MakeAuthority(name, CertificateKey.Ecdsa, 3650, Now);
        return Path.Combine(path, file);
    }

    /// <summary>A server certificate of another maker's kind, signed by itself.</summary>
    private void Craft(Action<CertificateRequest> with, int bits = 2048)
    {
        Make(Year);
        using var key = RSA.Create(bits);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        with(request);
        using var certificate = request.CreateSelfSigned(Now.AddHours(-1), Now.AddDays(300));
        File.WriteAllText(Path.Combine(Host, "server-cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(Host, "server-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
