using System.Buffers.Binary;
using LiveMigration.Storage.Images;

namespace LiveMigration.Tests.Storage;

/// <summary>What an image holds beside what its guest sees.</summary>
public sealed class Qcow2HeaderTests
{
    [Theory]
    [InlineData(2, 16, 0, 0, false, false)]
    [InlineData(3, 16, 0, 0, false, false)]
    [InlineData(3, 12, 2, 0, false, false)]
    [InlineData(3, 21, 0, 3, true, false)]
    [InlineData(3, 16, 1, 1, false, true)]
    [InlineData(2, 9, 7, 0, true, false)]
    public void A_header_tells_snapshots_bitmaps_encryption_and_data_file(int version, int bits, int snapshots, int bitmaps, bool encrypted, bool dataFile) =>
        Assert.Equal(new Qcow2Header(version, 1L << bits, snapshots, bitmaps, encrypted, dataFile), Qcow2Header.Parse(Image(version, bits, snapshots, bitmaps, encrypted, dataFile)));

    [Fact]
    public void What_is_no_image_or_is_cut_off_tells_nothing_and_breaks_nothing()
    {
        Assert.Null(Qcow2Header.Parse([]));
        Assert.Null(Qcow2Header.Parse(new byte[4096]));
        Assert.Null(Qcow2Header.Parse(Image(version: 4)));
        Assert.Null(Qcow2Header.Parse(Image(bits: 31)));
        var whole = Image(bitmaps: 1);
        for (var length = 0; length < 104; length++)
            Assert.Null(Qcow2Header.Parse(whole.AsSpan(0, length)));
        // Whatever bytes come after the magic number: an answer or none, and no exception.
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(72, 300)];
            random.NextBytes(bytes);
            new byte[] { 0x51, 0x46, 0x49, 0xfb, 0, 0, 0, (byte)(2 + (round & 1)) }.CopyTo(bytes, 0);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), random.Next(8, 32));
            _ = Qcow2Header.Parse(bytes);
        }
    }

    internal static byte[] Image(int version = 3, int bits = 16, int snapshots = 0, int bitmaps = 0, bool encrypted = false, bool dataFile = false)
    {
        var image = new byte[Qcow2Header.Length];
        Write(0, 0x514649fb);
        Write(4, (uint)version);
        Write(20, (uint)bits);
        Write(32, encrypted ? 2u : 0);
        Write(60, (uint)snapshots);
        var end = 72;
        if (version >= 3)
        {
            end = 112;
            Write(76, dataFile ? 4u : 0);
            Write(100, 112);
        }

        // A name of features comes before the bitmaps, and is 5 bytes long: 8 with its padding.
        Write(end, 0x6803f857);
        Write(end + 4, 5);
        if (bitmaps > 0)
        {
            Write(end + 16, 0x23852875);
            Write(end + 20, 24);
            Write(end + 24, (uint)bitmaps);
        }

        return image;

        void Write(int at, uint number) => BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(at), number);
    }
}
