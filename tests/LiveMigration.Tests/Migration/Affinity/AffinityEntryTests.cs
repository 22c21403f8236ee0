using LiveMigration.Interop.Libvirt;
using LiveMigration.Migration.Affinity;

namespace LiveMigration.Tests.Migration.Affinity;

public sealed class AffinityEntryTests
{
    [Fact]
    public void What_is_written_down_is_read_again()
    {
        var entry = new AffinityEntry(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), [0xFF, 0x0F], 4711, 638_000_000_000_000_000);
        var read = AffinityEntry.Parse(entry.ToString())!;
        Assert.Equal(entry.Former, read.Former);
        Assert.Equal(entry, read with { Former = entry.Former });
    }

    [Theory]
    [InlineData("")]
    [InlineData("affinity-2 something newer")]
    [InlineData("affinity-1 too short")]
    [InlineData("affinity-1 no uuids at all 03 1 2")]
    [InlineData("affinity-1 a b c 03 1 2")]
    public void What_another_version_wrote_is_left_alone(string line) => Assert.Null(AffinityEntry.Parse(line));

    [Theory]
    [InlineData(new[] { 0 }, 4, new byte[] { 1 })]
    [InlineData(new[] { 3, 1 }, 4, new byte[] { 0b1010 })]
    [InlineData(new[] { 0, 8, 15 }, 16, new byte[] { 1, 0b1000_0001 })]
    [InlineData(new[] { 8 }, 9, new byte[] { 0, 1 })]
    public void A_CPU_is_a_bit_of_libvirts_map(int[] cpus, int hostCpus, byte[] map) => Assert.Equal(map, EmulatorPin.Map(cpus, hostCpus));
}
