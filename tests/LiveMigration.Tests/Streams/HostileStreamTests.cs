using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using LiveMigration.Errors;
using LiveMigration.Streams;

namespace LiveMigration.Tests.Streams;

/// <summary>Files that are made to do harm: no exception but those that are documented, no endless loop, no memory that a length in the file asks for.</summary>
public sealed class HostileStreamTests
{
    /// <summary>How many spoilt streams, about a thousand a second: STREAM_FUZZ=1000000 tries a million, STREAM_FUZZ_SEED others.</summary>
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("STREAM_FUZZ"), CultureInfo.InvariantCulture, out var cases) ? cases : 3000;

    private const long Most = 64 << 20;

    [Fact]
    public void Spoilt_streams_do_no_harm()
    {
        // The small ones, with their RAM left out but for a few pages: what is spoilt is mostly what has a structure.
        byte[][] seeds = [.. RecordedStream.Names.Where(name => !name.StartsWith("mapped", StringComparison.Ordinal)).Select(name => Shorten(RecordedStream.Bytes(name))), Tiny(), Saved()];
        var random = new Random(int.TryParse(Environment.GetEnvironmentVariable("STREAM_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 15);
        var (damaged, refused) = (0, 0);
        for (var number = 0; number < Cases; number++)
        {
            var bytes = Spoil(seeds[random.Next(seeds.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            try
            {
                var reading = random.Next(2) == 0 ? new StreamReading { FieldsOf = _ => true } : null;
                Stream file = random.Next(2) == 0 ? new MemoryStream(bytes) : new OneWay(bytes);
                var stream = MigrationStreamReader.Read(file, "spoilt", reading);
                damaged += stream.IsIntact ? 0 : 1;
                Assert.All(stream.Damage, damage => Assert.InRange(damage.Offset, 0, long.MaxValue));
            }
            catch (LiveMigrationException error) when (error.Fault == Faults.StreamNotRecognized || error.Fault == Faults.DecompressorMissing)
            {
                refused++;
            }
            catch (Exception error)
            {
                var kept = Path.Combine(Path.GetTempPath(), $"spoilt-stream-{number}");
                File.WriteAllBytes(kept, bytes);
                throw new InvalidOperationException($"Stream {number}, kept as {kept}: {error.Message}", error);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < Most + (200L * bytes.Length), $"Stream {number} of {bytes.Length} bytes took {allocated} bytes.");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), $"Stream {number} took a minute.");
        }

        Assert.True(damaged > Cases / 3, $"{damaged} of {Cases} were found damaged, {refused} refused.");
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 50)]
    [InlineData(1L << 42)]
    public void A_block_that_is_said_to_be_enormous_takes_no_memory(long length)
    {
        var stream = new Bytes().Header().Ram(length, 0x8, new byte[4096]).End();
        var before = GC.GetAllocatedBytesForCurrentThread();
        length &= ~0xFFFL;

        var read = RecordedStream.Read(stream);

        Assert.Equal((length, 1, null), (read.RamBlocks[0].Length, read.RamBlocks[0].Normal, read.RamBlocks[0].Missing));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_description_that_is_said_to_be_enormous_takes_no_memory()
    {
        byte[] stream = [.. new Bytes().Header().End(), 6, 3, 0xFF, 0xFF, 0xFF, (byte)'{'];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("too early", Assert.Single(RecordedStream.Read(stream).Damage).What, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_command_that_is_cut_within_its_data_is_damaged()
    {
        var stream = new Bytes().Header().Command(3, new byte[16]).End();

        Assert.Contains("too early", Assert.Single(RecordedStream.Read(stream[..^9]).Damage).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_that_is_nested_without_end_is_damaged()
    {
        var json = "{\"devices\": [{\"fields\": " + string.Concat(Enumerable.Repeat("[{\"struct\": {\"fields\": ", 100_000));

        Assert.Contains("description", RecordedStream.Read(Described(json)).Damage[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_that_is_said_to_have_no_end_is_no_loop()
    {
        var json = "{\"devices\": [{\"name\": \"d\", \"instance_id\": 0, \"vmsd_name\": \"d\", \"version\": 1, \"fields\": [{\"name\": \"f\", \"type\": \"uint8\", \"array_len\": 9223372036854775807, \"size\": 0}, {\"name\": \"g\", \"type\": \"uint64\", \"array_len\": 9223372036854775807, \"size\": 9223372036854775807}]}]}";

        Assert.Single(RecordedStream.Read(Described(json), new StreamReading { FieldsOf = _ => true }).Fields, field => field.Type == "unknown");
    }

    [Fact]
    public void Pages_outside_of_their_block_or_for_an_unknown_one_are_found_and_written_nowhere()
    {
        using var folder = new TemporaryFolder();
        var stream = new Bytes().Header().Ram(4096, 0x8, new byte[4096]);
        var at = stream.Length;
        stream.Part(4096 | 0x28, new byte[4096]).Part(0x8, "nosuch", new byte[4096]);

        var read = RecordedStream.Read(stream.End(), new StreamReading { MemoryFolder = folder.Path });

        Assert.Equal([at + 5, at + 5 + 8 + 4096 + 8 + 5 + 5], read.Damage.Select(damage => damage.Offset));
        Assert.Equal(4096, new FileInfo(Path.Combine(folder.Path, "pc.ram")).Length);
    }

    [Theory]
    [InlineData("../../escape", ".._.._escape")]
    [InlineData("/etc/passwd", "etc_passwd")]
    [InlineData("..", "_")]
    [InlineData("a\0b", "a_b")]
    public void The_name_of_a_block_is_no_way_out_of_the_folder(string name, string file)
    {
        using var folder = new TemporaryFolder();
        var stream = new Bytes { Block = name }.Header().Ram(4096, 0x8, new byte[4096]).End();

        RecordedStream.Read(stream, new StreamReading { MemoryFolder = Path.Combine(folder.Path, "in") });

        Assert.Equal([Path.Combine(folder.Path, "in")], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal([file], Directory.GetFiles(Path.Combine(folder.Path, "in")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_of_memory_is_replaced_only_where_that_is_asked_for_and_a_link_is_not_followed()
    {
        using var folder = new TemporaryFolder();
        var (memory, elsewhere) = (Path.Combine(folder.Path, "ram"), Path.Combine(folder.Path, "precious"));
        Directory.CreateDirectory(memory);
        File.WriteAllText(elsewhere, "precious");
        File.CreateSymbolicLink(Path.Combine(memory, "pc.ram"), elsewhere);
        var stream = new Bytes().Header().Ram(4096, 0x8, new byte[4096]).End();

        Assert.Equal(Faults.MemoryExists, Assert.Throws<LiveMigrationException>(() => RecordedStream.Read(stream, new StreamReading { MemoryFolder = memory })).Fault);
        RecordedStream.Read(stream, new StreamReading { MemoryFolder = memory, ReplaceMemory = true });
        Assert.Equal("precious", File.ReadAllText(elsewhere));
        Assert.Equal(4096, new FileInfo(Path.Combine(memory, "pc.ram")).Length);
    }

    private static byte[] Described(string json)
    {
        byte[] stream = [.. new Bytes().Header().Device("d", [1, 2, 3, 4]).End(), 6, 0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(json)];
        BinaryPrimitives.WriteInt32BigEndian(stream.AsSpan(stream.Length - json.Length - 4), json.Length);
        return stream;
    }

    /// <summary>A stream with the records of RAM that no recorded one has.</summary>
    private static byte[] Tiny() => new Bytes().Header().Ram(1 << 20, 0x8, new byte[4096]).Part(0x2022, [0]).Part(0x3060, [1, 0, 4, 1, 2, 7, 7]).Part(0x120, [0, 0, 0, 1, 9])
        .Command(3, [0, 0, 0, 0, 0, 0x20, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x10, 0]).Command(6, [0, 1, (byte)'b', 0, .. new byte[16]]).Device("d", [1, 2, 3]).Command(7, [0, 0, 0, 3]).End();

    private static byte[] Saved() => [.. LibvirtImageTests.Header(2, 0, "<domain><name>a</name></domain>"), .. Tiny()];

    /// <summary>Leaves out zero pages after the first few, so that most of what is spoilt is something else.</summary>
    private static byte[] Shorten(byte[] stream)
    {
        var kept = new MemoryStream();
        for (var at = 0; at < stream.Length; at++)
        {
            var isZeroPage = at > 400 && at + 9 <= stream.Length && stream.AsSpan(at, 5).IndexOfAnyExcept((byte)0) < 0 && stream[at + 7] is 0x22 or 0x20 && (stream[at + 6] & 15) == 0 && stream[at + 8] == 0;
            if (isZeroPage && at % 3 == 0)
                at += 8;
            else
                kept.WriteByte(stream[at]);
        }

        return kept.ToArray();
    }

    private static byte[] Spoil(byte[] seed, Random random)
    {
        var bytes = seed.ToArray().AsSpan();
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            // Half of the changes in the beginning, which decides what comes.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 600) : bytes.Length);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.Slice(at, Math.Min(8, bytes.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F);
                    break;
                case 3 when change == 1:
                    bytes = bytes[..(at + 1)];
                    break;
                case 4:
                    bytes = (byte[])[.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(64))..], 0];
                    break;
                case 5:
                    bytes = (byte[])[.. bytes[..at], .. bytes.Slice(random.Next(bytes.Length), 1), .. bytes[at..]];
                    break;
                default:
                    var from = random.Next(bytes.Length);
                    var length = Math.Min(random.Next(100), Math.Min(bytes.Length - from, bytes.Length - at));
                    bytes.Slice(from, length).CopyTo(bytes[at..]);
                    break;
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Cannot be gone back in, and gives little at once.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 5000)]);
    }
}
