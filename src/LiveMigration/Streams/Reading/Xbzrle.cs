namespace LiveMigration.Streams.Reading;

/// <summary>The changes of a page: unchanged bytes to leave out and bytes to put in, in turn.</summary>
internal static class Xbzrle
{
    /// <summary>Changes a page; false where the changes do not fit it.</summary>
    internal static bool Apply(ReadOnlySpan<byte> changes, Span<byte> page)
    {
        var at = 0;
        while (!changes.IsEmpty)
        {
            if (!TryLength(ref changes, out var unchanged) || unchanged > page.Length - at)
                return false;
            at += unchanged;
            // QEMU leaves out the last run where it reaches the end of the page.
            if (changes.IsEmpty)
                return true;
            if (!TryLength(ref changes, out var changed) || changed == 0 || changed > page.Length - at || changed > changes.Length)
                return false;
            changes[..changed].CopyTo(page[at..]);
            at += changed;
            changes = changes[changed..];
        }

        return true;
    }

    /// <summary>Seven bits, or fourteen in two bytes, the low ones first.</summary>
    private static bool TryLength(ref ReadOnlySpan<byte> from, out int length)
    {
        length = from.IsEmpty ? 0 : from[0];
        var bytes = length < 0x80 ? 1 : 2;
        if (from.Length < bytes || (bytes == 2 && from[1] >= 0x80))
            return false;
        if (bytes == 2)
            length = (length & 0x7F) | (from[1] << 7);
        from = from[bytes..];
        return true;
    }
}
