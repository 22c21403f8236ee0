using System.Text;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>What the first bytes of a file say that it is.</summary>
internal enum StateLayer
{
    /// <summary>Nothing that is known here.</summary>
    Unknown,

    /// <summary>A stream of QEMU.</summary>
    Stream,

    /// <summary>An image that libvirt saved.</summary>
    Libvirt,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>Zstandard.</summary>
    Zstd,

    /// <summary>age, in binary or as text.</summary>
    Age,

    /// <summary>GnuPG, in binary or as text.</summary>
    Gpg,
}

/// <summary>The marks of layers.</summary>
internal static class StateLayers
{
    /// <summary>How many bytes are looked at.</summary>
    internal const int Window = 64;

    /// <summary>The first packet of a message that GnuPG encrypted: a session key for a public key (1) or a passphrase (3), in the old and the new form of a packet.</summary>
    private static ReadOnlySpan<byte> Packets => [0x84, 0x85, 0x86, 0x8C, 0x8D, 0x8E, 0xC1, 0xC3];

    /// <summary>Reads the mark.</summary>
    /// <param name="start">The first bytes.</param>
    internal static StateLayer Recognize(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("QEVM"u8))
            return StateLayer.Stream;
        if (start.StartsWith("LibvirtQemud"u8))
            return StateLayer.Libvirt;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return StateLayer.Gzip;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
            return StateLayer.Zstd;
        var text = Encoding.Latin1.GetString(start).TrimStart();
        if (text.StartsWith("age-encryption.org/", StringComparison.Ordinal) || text.StartsWith("-----BEGIN AGE ENCRYPTED FILE-----", StringComparison.Ordinal))
            return StateLayer.Age;
        if (text.StartsWith("-----BEGIN PGP MESSAGE-----", StringComparison.Ordinal) || (!start.IsEmpty && Packets.Contains(start[0])))
            return StateLayer.Gpg;
        return StateLayer.Unknown;
    }
}
