using System.Xml.Linq;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Domains.DirtyPages;

/// <summary>How much of a guest's memory holds anything but zeros, of which a migration sends next to nothing: looked at in samples.</summary>
internal static class MemorySample
{
    private const int Looks = 48;
    private const int Block = 64 * 1024;
    private const int Page = 4096;
    private const long GiB = 1L << 30;

    /// <summary>Below there are devices, which would notice that they are read.</summary>
    private const long First = 1 << 20;

    /// <summary>So much of a PC's memory is surely below the hole for devices, and none of the rest begins before 4 GiB.</summary>
    private const long Low = 2 * GiB;

    /// <summary>At most so much is below.</summary>
    private const long MostLow = 7 * GiB / 2;

    /// <summary>Bytes of pages that are not zero, by a sample of them. Null for a machine that is no PC: elsewhere devices are in other places.</summary>
    /// <param name="native">A running domain.</param>
    /// <param name="memory">Its memory in bytes.</param>
    internal static long? InUse(NativeDomain native, long memory)
    {
        if (memory < 16 * First || !IsPc(XElement.Parse(native.GetXml(XmlView.Live))))
            return null;
        var buffer = new byte[Block];
        var (full, seen) = (0, 0);
        for (var look = 0; look < Looks; look++)
        {
            native.PeekMemory(Address(memory, (look + 0.5) / Looks), buffer);
            for (var page = 0; page < Block; page += Page, seen++)
            {
                if (buffer.AsSpan(page, Page).IndexOfAnyExcept((byte)0) >= 0)
                    full++;
            }
        }

        return (long)(memory * (full / (double)seen));
    }

    internal static bool IsPc(XElement definition) => (string?)definition.Element("os")?.Element("type")?.Attribute("arch") is "x86_64" or "i686";

    /// <summary>An address at this share of the memory that is known to be there.</summary>
    internal static ulong Address(long memory, double share)
    {
        var (below, above) = (Math.Min(memory, Low), Math.Max(0, memory - MostLow));
        var at = First + (long)(share * (below + above - First - Block));
        return (ulong)((at + Block <= below ? at : Math.Max(at - below, 0) + 4 * GiB) / Page * Page);
    }
}
