using System.Runtime.Versioning;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Security.Certificates;

namespace LiveMigration.Tests.Lab;

/// <summary>E3: real hosts take the certificates that we make. Each test with hosts of its own, for they keep them.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
[UnsupportedOSPlatform("windows")]
public sealed class CertificateLabTests : IAsyncLifetime
{
    private readonly CertificateHosts _hosts = new();

    public Task InitializeAsync() => _hosts.InitializeAsync();

    public Task DisposeAsync() => _hosts.DisposeAsync();

    [LabTheory]
    [InlineData(CertificateKey.Rsa)]
    [InlineData(CertificateKey.Ecdsa)]
    public async Task Hosts_take_what_we_make_for_connections_and_for_migrations(CertificateKey key)
    {
        _hosts.Make("ours", "me", CertificateHosts.Year, key, [CertificateRole.Client]);
        foreach (var host in new[] { "c", "d" })
        {
            var done = await _hosts.InstallAsync("ours", host, CertificateHosts.Year, CertificateReader.All, key: key);
            Assert.Equal((10, 10), (done.Written.Count, done.Backups.Count));
            await LabHosts.RunAsync("daemon", host, "restart");
        }

        using var c = await _hosts.ConnectAsync("c");
        using var d = await _hosts.ConnectAsync("d");
        Assert.True((await d.GetInfoAsync()).IsSecure);
        var plan = await (await c.GetDomainAsync(CertificateHosts.Guest)).PlanMigrationAsync(d, new MigrationOptions { Tls = MigrationTls.Required, Parallel = 2 });
        Assert.StartsWith("qemu+tls://", plan.PeerUri, StringComparison.Ordinal);
        var result = await plan.Start().Completion;
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Mode: MigrationMode.PeerToPeer, Encrypted: true }, result.Error);
        var old = await Assert.ThrowsAnyAsync<LiveMigrationException>(() => LabHosts.ConnectAsync("c", "tls"));
        Assert.Equal(Faults.CertificateRejected, old.Fault);
    }
}
