using LiveMigration.Domains;

namespace LiveMigration.Tests.Domains;

public sealed class DiskSummaryTests
{
    [Theory]
    [InlineData(StorageAccess.None)]
    [InlineData(StorageAccess.None, StorageAccess.None)]
    [InlineData(StorageAccess.Shared, StorageAccess.Shared, StorageAccess.Shared)]
    [InlineData(StorageAccess.Shared, StorageAccess.Shared, StorageAccess.None)]
    [InlineData(StorageAccess.Local, StorageAccess.Local)]
    [InlineData(StorageAccess.Mixed, StorageAccess.Local, StorageAccess.Shared)]
    [InlineData(StorageAccess.Mixed, StorageAccess.Shared, StorageAccess.Local, StorageAccess.None)]
    [InlineData(StorageAccess.Unknown, StorageAccess.Unknown)]
    [InlineData(StorageAccess.Unknown, StorageAccess.Shared, StorageAccess.Unknown)]
    [InlineData(StorageAccess.Unknown, StorageAccess.Local, StorageAccess.Shared, StorageAccess.Unknown)]
    public void Several_disks_are_together_what_they_agree_on(StorageAccess together, params StorageAccess[] disks) =>
        Assert.Equal(together, DiskSummary.Together(disks.Select((access, index) => new DiskSummary($"vd{index}", "/x", null, access))));
}
