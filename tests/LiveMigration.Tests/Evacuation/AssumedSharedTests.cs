using LiveMigration.Domains;
using LiveMigration.Evacuation;

namespace LiveMigration.Tests.Evacuation;

public sealed class AssumedSharedTests
{
    private static readonly EvacuationPolicy Policy = new() { AssumeShared = ["vdb", "web/vdc"], AllowLosingSnapshots = ["web/vdc", "vdb"] };

    /// <summary>A disk that was named and that a domain does not have would be refused.</summary>
    [Theory]
    [InlineData("web", "vda,vdb,vdc", "vdb,vdc")]
    [InlineData("db", "vda,vdb,vdc", "vdb")]
    [InlineData("db", "vda", "")]
    public void Of_what_is_said_of_disks_a_domain_is_told_what_it_has(string name, string disks, string shared)
    {
        var domain = Given.Domain() with { Name = name, Disks = [.. disks.Split(',').Select(disk => new DiskSummary(disk, null, null, StorageAccess.Unknown))] };
        var storage = Policy.For(domain, Policy.Migration).Storage;
        Assert.Equal((shared, shared), (string.Join(',', storage.AssumeShared), string.Join(',', storage.AllowLosingSnapshots)));
    }
}
