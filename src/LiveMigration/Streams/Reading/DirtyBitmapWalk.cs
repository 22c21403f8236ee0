namespace LiveMigration.Streams.Reading;

/// <summary>The section <c>dirty-bitmap</c>, version 1. QEMU's migration/block-dirty-bitmap.c.</summary>
internal sealed class DirtyBitmapWalk(StreamInput input)
{
    private const int End = 0x01, Zeros = 0x02, HasBitmap = 0x04, HasNode = 0x08, Start = 0x10, Complete = 0x20, Bits = 0x40, More = 0x80;

    private const int Most = 65_536;

    private readonly Dictionary<(string Node, string Name), DirtyBitmap> _bitmaps = [];
    private string _node = "";
    private string _name = "";

    internal IReadOnlyList<DirtyBitmap> Found => [.. _bitmaps.Values];

    internal void Read()
    {
        while (true)
        {
            var at = input.Position;
            var flags = (int)input.Byte();
            if ((flags & More) != 0)
                flags = (flags & ~More) | (input.Byte() << 8);
            if ((flags & 0x8000) != 0)
                flags = (flags & ~0x8000) | (input.UInt16() << 16);
            if ((flags & HasNode) != 0)
                _node = input.Name();
            if ((flags & HasBitmap) != 0)
                _name = input.Name();
            switch (flags & ~(HasNode | HasBitmap | Zeros))
            {
                case End:
                    return;
                case Start:
                    Begin(at);
                    break;
                case Bits:
                    Skip((flags & Zeros) != 0);
                    break;
                case Complete:
                    if (_bitmaps.TryGetValue((_node, _name), out var bitmap))
                        _bitmaps[(_node, _name)] = bitmap with { IsComplete = true };
                    break;
                default:
                    throw new BrokenStreamException(at, $"0x{flags:x2} is no record of dirty bitmaps.");
            }
        }
    }

    private void Begin(long at)
    {
        if (_bitmaps.Count == Most)
            throw new BrokenStreamException(at, $"There are more than {Most} dirty bitmaps.");
        var granularity = input.UInt32();
        var flags = input.Byte();
        _bitmaps[(_node, _name)] = new DirtyBitmap(_node, _name, granularity) { IsEnabled = (flags & 1) != 0, IsPersistent = (flags & 2) != 0 };
    }

    private void Skip(bool zeros)
    {
        input.Skip(8 + 4);
        if (!zeros)
            input.Skip(input.UInt64());
    }
}
