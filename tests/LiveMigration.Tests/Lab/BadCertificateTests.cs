using System.Runtime.Versioning;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Lab;

/// <summary>E3: real hosts say why they do not take bad certificates, and the guest stays. The hosts are the same for all tests: each begins with good certificates.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
[UnsupportedOSPlatform("windows")]
public sealed class BadCertificateTests(CertificateHosts hosts) : IClassFixture<CertificateHosts>
{
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
            await hosts.InstallAsync("ours", each, CertificateHosts.Year);
        await SpoilAsync(host, how);
        using var c = await LabHosts.ConnectAsync("c");
        using var d = await LabHosts.ConnectAsync("d");
        foreach (var mode in new[] { MigrationMode.PeerToPeer, MigrationMode.Direct })
        {
            var result = await (await (await c.GetDomainAsync(CertificateHosts.Guest)).PlanMigrationAsync(d, new MigrationOptions { Mode = mode })).Start().Completion;
            Assert.True(result.Fault?.Id == fault, result.Error);
            Assert.Contains(words, result.Error, StringComparison.Ordinal);
            Assert.Equal(MigrationVerdict.Stayed, result.Verdict);
            Assert.Equal(DomainState.Running, (await c.GetDomainAsync(CertificateHosts.Guest)).State);
        }
    }

    private Task SpoilAsync(string host, string how) => how switch
    {
        "past" => hosts.InstallAsync("ours", host, CertificateHosts.Past),
        "future" => hosts.InstallAsync("ours", host, CertificateHosts.Future),
        "name" => hosts.InstallAsync("ours", host, CertificateHosts.Year, names: ["somebody-else.lab"]),
        "authority" => hosts.InstallAsync("theirs", host, CertificateHosts.Year),
        "client" => LabHosts.RunAsync("sh", host, "rm", "/etc/pki/qemu/client-cert.pem"),
        "mixed" => hosts.MixAsync(host),
        _ => throw new ArgumentException(how),
    };
}
