using LiveMigration.Migration;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration;

/// <summary>L6: one limit covers memory and every disk.</summary>
public sealed class BandwidthBudgetTests
{
    private static readonly Bandwidth Total = Bandwidth.Parse("1000B/s");

    [Fact]
    public void Memory_alone_has_it_all() => Assert.Equal(Total, BandwidthBudget.Split(Total, new Dictionary<string, bool>()).Memory);

    [Fact]
    public void What_is_unlimited_is_unlimited_for_each()
    {
        var (memory, disks) = BandwidthBudget.Split(Bandwidth.Unlimited, new Dictionary<string, bool> { ["vda"] = true });
        Assert.Equal((Bandwidth.Unlimited, Bandwidth.Unlimited), (memory, disks["vda"]));
    }

    [Fact]
    public void While_a_disk_is_copied_memory_waits_and_disks_have_it_all()
    {
        var (_, disks) = BandwidthBudget.Split(Total, new Dictionary<string, bool> { ["vda"] = true, ["vdb"] = true, ["vdc"] = false });
        Assert.Equal([444L, 444L, 111L], disks.OrderBy(disk => disk.Key).Select(disk => disk.Value.BytesPerSecond));
    }

    [Fact]
    public void Memory_is_told_at_once_what_it_may_use_when_the_disks_are_copied()
    {
        var copying = BandwidthBudget.Split(Total, new Dictionary<string, bool> { ["vda"] = true, ["vdb"] = false });
        var copied = BandwidthBudget.Split(Total, new Dictionary<string, bool> { ["vda"] = false, ["vdb"] = false });
        Assert.Equal(copied.Memory, copying.Memory);
        Assert.Equal(666, copied.Memory.BytesPerSecond);
        Assert.All(copied.Disks.Values, disk => Assert.Equal(166, disk.BytesPerSecond));
    }

    [Fact]
    public void Together_they_never_use_more_than_the_limit()
    {
        var random = new Random(20);
        foreach (var total in Many.Ulongs(1000, 1UL << 50))
        {
            var disks = Enumerable.Range(0, random.Next(9)).ToDictionary(disk => $"vd{disk}", _ => random.Next(2) == 0);
            var split = BandwidthBudget.Split(Bandwidth.FromBytes((long)total), disks);
            var used = split.Disks.Values.Sum(disk => (decimal)disk.BytesPerSecond);
            if (!disks.ContainsValue(true))
                used += split.Memory.BytesPerSecond;
            Assert.InRange(used, total * 0.99m - 10, total + 1);
        }
    }

    [Fact]
    public void Nobody_gets_0_which_would_be_no_limit()
    {
        var (memory, disks) = BandwidthBudget.Split(Bandwidth.FromBytes(1), new Dictionary<string, bool> { ["vda"] = true, ["vdb"] = false });
        Assert.All(disks.Values.Append(memory), share => Assert.Equal(1UL, share.MebibytesPerSecond));
    }
}
