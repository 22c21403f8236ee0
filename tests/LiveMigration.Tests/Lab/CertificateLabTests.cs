using System.Runtime.Versioning;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Security.Certificates;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>E3: real hosts take the certificates that we make, and say why they do not take bad ones. Hosts c and d, which nobody else needs.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
[UnsupportedOSPlatform("windows")]
public sealed class CertificateLabTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly CertificateValidity Year = new(Now.AddHours(-1), Now.AddDays(365));
    private static readonly CertificateValidity Past = new(Now.AddDays(-20), Now.AddDays(-1));
    private static readonly CertificateValidity Future = new(Now.AddDays(2), Now.AddDays(365));

    private readonly string _path = Directory.CreateTempSubdirectory("pki").FullName;

    public Task InitializeAsync() => LabHosts.Unavailable is null ? LabHosts.RunAsync("up", "c", "d") : Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Directory.Delete(_path, recursive: true);
        if (LabHosts.Unavailable is null)
            await LabHosts.RunAsync("down", "c", "d");
    }

    [LabTheory]
    [InlineData(CertificateKey.Rsa)]
    [InlineData(CertificateKey.Ecdsa)]
    public async Task Hosts_take_what_we_make_for_connections_and_for_migrations(CertificateKey key)
    {
        Make("ours", "me", Year, key, [CertificateRole.Client]);
        foreach (var host in new[] { "c", "d" })
        {
            var done = await InstallAsync("ours", host, Year, CertificateReader.All, key: key);
            Assert.Equal((10, 10), (done.Written.Count, done.Backups.Count));
            await LabHosts.RunAsync("daemon", host, "restart");
        }

        using var c = await ConnectAsync("c");
        using var d = await ConnectAsync("d");
        Assert.True((await d.GetInfoAsync()).IsSecure);
        await using var guest = await GuestAsync();
        var plan = await (await c.GetDomainAsync("guarded")).PlanMigrationAsync(d, new MigrationOptions { Tls = MigrationTls.Required, Parallel = 2 });
        Assert.StartsWith("qemu+tls://", plan.PeerUri, StringComparison.Ordinal);
        var result = await plan.Start().Completion;
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Mode: MigrationMode.PeerToPeer, Encrypted: true }, result.Error);
        var old = await Assert.ThrowsAnyAsync<LiveMigrationException>(() => LabHosts.ConnectAsync("c", "tls"));
        Assert.Equal(Faults.CertificateRejected, old.Fault);
    }

    public static TheoryData<string, string, string, string> Bad => new()
    {
        { "d", "past", nameof(Faults.CertificateUnusable), "QEMU on d cannot use its certificates: The server certificate" },
        { "d", "future", nameof(Faults.CertificateUnusable), "QEMU on d cannot use its certificates: The server certificate" },
        { "c", "past", nameof(Faults.CertificateUnusable), "QEMU on c cannot use its certificates: The client certificate" },
        { "c", "future", nameof(Faults.CertificateUnusable), "QEMU on c cannot use its certificates: The client certificate" },
        { "d", "name", nameof(Faults.CertificateRejected), "c does not accept the certificate of QEMU on d: Certificate does not match the hostname" },
        { "d", "authority", nameof(Faults.CertificateRejected), "c does not accept the certificate of QEMU on d:" },
        { "c", "authority", nameof(Faults.CertificateRejected), "c does not accept the certificate of QEMU on d:" },
        { "c", "client", nameof(Faults.ClientCertificateRejected), "d does not accept the client certificate of QEMU on c" },
        { "c", "mixed", nameof(Faults.CertificateUnusable), "QEMU on c cannot use its certificates:" },
    };

    [LabTheory]
    [MemberData(nameof(Bad))]
    public async Task What_is_wrong_is_named_with_its_host_and_the_guest_stays(string host, string how, string fault, string words)
    {
        foreach (var each in new[] { "c", "d" })
            await InstallAsync("ours", each, Year, CertificateReader.Qemu);
        await SpoilAsync(host, how);
        await using var guest = await GuestAsync();
        using var c = await LabHosts.ConnectAsync("c");
        using var d = await LabHosts.ConnectAsync("d");
        foreach (var mode in new[] { MigrationMode.PeerToPeer, MigrationMode.Direct })
        {
            var result = await (await (await c.GetDomainAsync("guarded")).PlanMigrationAsync(d, new MigrationOptions { Mode = mode })).Start().Completion;
            Assert.True(result.Fault?.Id == fault, result.Error);
            Assert.Contains(words, result.Error, StringComparison.Ordinal);
            Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
            Assert.Equal(DomainState.Running, (await c.GetDomainAsync("guarded")).State);
        }
    }

    private Task SpoilAsync(string host, string how) => how switch
    {
        "past" => InstallAsync("ours", host, Past),
        "future" => InstallAsync("ours", host, Future),
        "name" => InstallAsync("ours", host, Year, names: ["somebody-else.lab"]),
        "authority" => InstallAsync("theirs", host, Year),
        "client" => LabHosts.RunAsync("sh", host, "rm", "/etc/pki/qemu/client-cert.pem"),
        "mixed" => MixAsync(host),
        _ => throw new ArgumentException(how),
    };

    /// <summary>Certificates of one CA beside the certificate of another.</summary>
    private async Task MixAsync(string host)
    {
        Make("theirs", host, Year);
        File.Copy(Path.Combine(_path, "ours", "ca-cert.pem"), Path.Combine(_path, "theirs", host, "ca-cert.pem"), overwrite: true);
        await CertificateInstallation.InstallAsync(Path.Combine(_path, "theirs", host), CertificateReader.Qemu, host, await SshAsync(host));
    }

    private async Task<CertificateInstallation> InstallAsync(
        string authority, string host, CertificateValidity validity, CertificateReader readers = CertificateReader.Qemu, string[]? names = null,
        CertificateKey key = CertificateKey.Rsa)
    {
        var ssh = await SshAsync(host);
        Make(authority, host, validity, key, names: names ?? [host, $"{host}.lab", ssh.Host]);
        return await CertificateInstallation.InstallAsync(Path.Combine(_path, authority, host), readers, host, ssh);
    }

    private void Make(
        string authority, string name, CertificateValidity validity, CertificateKey key = CertificateKey.Rsa, CertificateRole[]? roles = null, string[]? names = null)
    {
        var folder = new CertificateFolder(Path.Combine(_path, authority));
        folder.MakeAuthority(authority, key, 3650, Now.AddDays(-30));
        folder.Make(
            new HostCertificateRequest { Name = name, Names = names ?? [], Key = key, Replace = true, Roles = roles ?? [CertificateRole.Server, CertificateRole.Client] },
            validity);
    }

    private async Task<LibvirtHost> ConnectAsync(string host) =>
        await LibvirtHost.ConnectAsync(host, HostUri.Parse(await LabHosts.UriAsync(host, "tls")).With("pkipath", Path.Combine(_path, "ours", "me")));

    private static async Task<HostUri> SshAsync(string host) => HostUri.Parse(await LabHosts.UriAsync(host, "ssh"));

    private static async Task<Removal> GuestAsync()
    {
        await LabHosts.RunAsync("guest", "guarded", "c");
        return new Removal();
    }

    private sealed class Removal : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await LabHosts.RunAsync("guest-remove", "guarded");
    }
}
