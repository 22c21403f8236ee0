using System.Xml.Linq;
using LiveMigration.Domains.DirtyPages;

namespace LiveMigration.Tests.Domains.DirtyPages;

/// <summary>Below 1 MiB and between 2 and 4 GiB a PC has devices and not memory, from where on depends on its chipset: nothing is read there.</summary>
public sealed class MemorySampleTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData(0.25)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(3.5)]
    [InlineData(8)]
    [InlineData(512)]
    public void Every_address_is_in_memory_whatever_the_chipset(double gibibytes)
    {
        var memory = (long)(gibibytes * GiB);
        for (var share = 0.0; share <= 1; share += 0.001)
        {
            var address = (long)MemorySample.Address(memory, share);
            var end = address + 64 * 1024;
            Assert.True(address >= 1 << 20 && (end <= Math.Min(memory, 2 * GiB) || (address >= 4 * GiB && end <= 4 * GiB + memory - 7 * GiB / 2)), $"{share}: {address:x}");
        }
    }

    [Theory]
    [InlineData("x86_64", true)]
    [InlineData("i686", true)]
    [InlineData("aarch64", false)]
    [InlineData("s390x", false)]
    public void Other_machines_are_not_read(string arch, bool isRead) =>
        Assert.Equal(isRead, MemorySample.IsPc(new XElement("domain", new XElement("os", new XElement("type", new XAttribute("arch", arch), "hvm")))));

    [Fact]
    public void Samples_are_spread_over_all_of_it()
    {
        var above = Enumerable.Range(0, 1000).Count(at => MemorySample.Address(64 * GiB, at / 1000.0) >= 4 * (ulong)GiB);
        Assert.InRange(above, 960, 975);
    }
}
