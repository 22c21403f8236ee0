using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using LiveMigration.Errors;
using LiveMigration.Streams;

namespace LiveMigration.Tests.Streams;

/// <summary>What libvirt puts in front of a stream, and how it compresses it.</summary>
public sealed class LibvirtImageTests
{
    private const string Definition = "<domain type='kvm'><name>web1</name><uuid>11111111-2222-3333-4444-555555555555</uuid></domain>";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_header_is_read_in_the_byte_order_of_either_host(bool bigEndian)
    {
        var stream = RecordedStream.Read([.. Header(2, 0, Definition, bigEndian: bigEndian), .. RecordedStream.Bytes("plain-7.2")]);

        Assert.Empty(stream.Damage);
        Assert.Equal(
            (2, "raw", true, true, "web1", Guid.Parse("11111111-2222-3333-4444-555555555555"), Definition, "<cookie/>", 4188L),
            (stream.Libvirt!.Version, stream.Libvirt.Format, stream.Libvirt.IsFinished, stream.Libvirt.WasRunning, stream.Libvirt.Domain, stream.Libvirt.Uuid, stream.Libvirt.Definition, stream.Libvirt.Cookie, stream.Libvirt.StreamOffset));
        Assert.Equal("pc-i440fx-7.2", stream.Machine);
    }

    [Fact]
    public void One_that_libvirt_did_not_finish_is_damaged() =>
        Assert.Contains("did not finish", Assert.Single(RecordedStream.Read([.. Header(2, 0, Definition, "LibvirtQemudPart"), .. RecordedStream.Bytes("plain-7.2")]).Damage).What, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, "gzip", StreamCompression.Gzip)]
    [InlineData(2, "bzip2", StreamCompression.Bzip2)]
    [InlineData(3, "xz", StreamCompression.Xz)]
    [InlineData(5, "zstd", StreamCompression.Zstd)]
    public void A_compressed_one_is_read_and_its_damage_is_found(int format, string program, StreamCompression compression)
    {
        if (Compress(program, RecordedStream.Bytes("devices-7.2")) is not { } compressed)
            return; // As on a machine without it.
        byte[] file = [.. Header(2, format, Definition), .. compressed];

        var stream = RecordedStream.Read(file);
        var cut = RecordedStream.Read(file[..^1]);
        var flipped = file.ToArray();
        flipped[^(compressed.Length / 2)] ^= 0x10;

        Assert.Empty(stream.Damage);
        Assert.Equal((compression, program), (stream.Compression, stream.Libvirt!.Format));
        Assert.Equal(RecordedStream.Read(RecordedStream.Bytes("devices-7.2")).Sections, stream.Sections);
        Assert.NotEmpty(cut.Damage);
        Assert.NotEmpty(RecordedStream.Read(flipped).Damage);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void What_is_not_compressed_as_the_header_says_is_damaged_and_the_program_is_quoted(int format)
    {
        var (program, present) = format == 3 ? ("xz", Compress("xz", [1]) is not null) : ("zstd", Compress("zstd", [1]) is not null);
        if (!present)
            return;

        var stream = RecordedStream.Read([.. Header(2, format, Definition), .. RecordedStream.Bytes("plain-7.2")]);

        Assert.Contains(stream.Damage, damage => damage.What.StartsWith($"{program} ended with 1: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_format_that_is_not_known_is_damage() =>
        Assert.Equal(28, Assert.Single(RecordedStream.Read([.. Header(2, 77, Definition), .. RecordedStream.Bytes("plain-7.2")]).Damage).Offset);

    [Theory]
    [InlineData("")]
    [InlineData("<domain><name>x</name></domain>")]
    [InlineData("QEV")]
    [InlineData("Salted__ and encrypted")]
    public void What_is_no_stream_is_refused(string text) =>
        Assert.Equal(Faults.StreamNotRecognized, Assert.Throws<LiveMigrationException>(() => RecordedStream.Read(Encoding.ASCII.GetBytes(text))).Fault);

    /// <summary>libvirt's header with a definition, a cookie and room behind them: 4188 bytes.</summary>
    internal static byte[] Header(int version, int format, string definition, string magic = "LibvirtQemudSave", bool bigEndian = false)
    {
        var text = new byte[4096];
        Encoding.UTF8.GetBytes(definition).CopyTo(text, 0);
        Encoding.UTF8.GetBytes("<cookie/>").CopyTo(text, definition.Length + 1);
        var header = new byte[92];
        Encoding.ASCII.GetBytes(magic).CopyTo(header, 0);
        int[] words = [version, text.Length, 1, format, definition.Length + 1];
        for (var word = 0; word < words.Length; word++)
        {
            if (bigEndian)
                BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(16 + (word * 4)), words[word]);
            else
                BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16 + (word * 4)), words[word]);
        }

        return [.. header, .. text];
    }

    private static byte[]? Compress(string program, byte[] bytes)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["-c"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            var output = new MemoryStream();
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.Close();
            reading.Wait();
            process.WaitForExit();
            return output.ToArray();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
