using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Tests.Hosts;
using LiveMigration.Tests.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration;

public sealed class LibvirtDomainTuningTests
{
    /// <summary>libvirt would take the limit, and keep it until nobody knows when.</summary>
    [LibvirtFact]
    public async Task A_domain_that_does_not_run_has_no_migration_to_limit()
    {
        using var host = await TestHost.OwnAsync();
        var domain = await host.GetDomainAsync("web3");
        var error = await Assert.ThrowsAnyAsync<LiveMigrationException>(() => domain.SetMigrationBandwidthAsync(Bandwidth.Parse("10MiB/s")));
        Assert.Equal((Faults.DomainNotRunning, "own"), (error.Fault, error.Host));
        Assert.StartsWith("own: 'web3' is not running", error.Message, StringComparison.Ordinal);
    }
}
