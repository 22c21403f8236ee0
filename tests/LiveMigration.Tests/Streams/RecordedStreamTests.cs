using LiveMigration.Streams;

namespace LiveMigration.Tests.Streams;

/// <summary>Streams of real QEMUs, whole and spoilt.</summary>
public sealed class RecordedStreamTests
{
    public static TheoryData<string> All => [.. RecordedStream.Names];

    public static TheoryData<string> Described => [.. RecordedStream.Names.Where(name => !name.StartsWith("postcopy", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(All))]
    public void A_recorded_stream_is_intact_in_a_file_and_through_a_decompressor(string name)
    {
        var stream = RecordedStream.Read(RecordedStream.Bytes(name));
        var compressed = MigrationStreamReader.Read(RecordedStream.PathOf(name));

        Assert.Empty(stream.Damage);
        Assert.Empty(compressed.Damage);
        Assert.Equal(StreamCompression.Gzip, compressed.Compression);
        Assert.Equal(stream.Sections, compressed.Sections);
        Assert.Equal(stream.RamBlocks, compressed.RamBlocks);
        Assert.Equal(stream.StreamLength, compressed.StreamLength);
    }

    [Theory]
    [MemberData(nameof(Described))]
    public void Every_section_is_found_by_its_name_and_version_as_QEMU_describes_it(string name)
    {
        var bytes = RecordedStream.Bytes(name);
        var stream = RecordedStream.Read(bytes);

        Assert.Equal(
            RecordedStream.Described(bytes).Select(device => (device.Name, device.Instance, device.Version ?? Version(device.Name))),
            stream.Sections.Where(section => !section.IsLive).Select(section => (section.Name, section.InstanceId, section.Version)));

        long Version(string device) => stream.Sections.First(section => section.Name == device).Version;
    }

    [Theory]
    [MemberData(nameof(Described))]
    public void Every_byte_of_a_device_is_in_a_field_of_known_type(string name)
    {
        var stream = RecordedStream.Read(RecordedStream.Bytes(name), new StreamReading { FieldsOf = _ => true });

        Assert.DoesNotContain(stream.Fields, field => field.Type == "unknown");
        Assert.All(stream.Sections.Where(section => !section.IsLive && section.Length > 0), section => Assert.Contains(stream.Fields, field => field.Device == section.Name));
    }

    [Fact]
    public void A_CPU_that_has_not_begun_is_at_its_reset_vector()
    {
        var stream = RecordedStream.Read(RecordedStream.Bytes("devices-10.0"), new StreamReading { FieldsOf = section => section.Name == "cpu" });

        Assert.Equal(0xFFF0UL, Assert.Single(stream.Fields, field => field is { InstanceId: 0, Field: "env.eip" }).Value);
        Assert.Equal(0xFFFF0000UL, Assert.Single(stream.Fields, field => field is { InstanceId: 0, Field: "env.segs[1].base" }).Value);
        Assert.Equal(2, stream.Fields.Select(field => field.InstanceId).Distinct().Count());
    }

    [Fact]
    public void What_the_configuration_says_is_shown()
    {
        var stream = RecordedStream.Read(RecordedStream.Bytes("devices-10.0"));

        Assert.Equal("pc-q35-10.0", stream.Machine);
        Assert.Equal(Guid.Parse("11111111-2222-3333-4444-555555555555"), stream.Uuid);
        Assert.Equal(["SWITCHOVER_START"], stream.Commands.Select(command => command.Name));
        Assert.Equal(["x-ignore-shared"], RecordedStream.Read(RecordedStream.Bytes("shared-10.0")).Capabilities);
    }

    [Theory]
    [InlineData("plain-7.2", StreamForm.Plain)]
    [InlineData("mapped-10.0", StreamForm.MappedRam)]
    public void Every_page_of_the_RAM_is_counted(string name, StreamForm form)
    {
        var stream = RecordedStream.Read(RecordedStream.Bytes(name));

        Assert.Equal(form, stream.Form);
        Assert.All(stream.RamBlocks, block => Assert.Equal((block.Length / 4096, 0), (block.Normal + block.Zero, block.Missing)));
        Assert.Equal((1L << 20, 256L), (stream.RamBlocks.Single(block => block.Name == "pc.ram").Length, stream.RamBlocks.Single(block => block.Name == "pc.ram").Zero));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_stream_that_is_cut_anywhere_is_said_to_be_and_where(string name)
    {
        var bytes = RecordedStream.Bytes(name);
        var step = bytes.Length / 60;
        int[] cuts = [.. Enumerable.Range(0, 40).Select(cut => bytes.Length - 1 - cut), .. Enumerable.Range(1, 59).Select(cut => cut * step), 8, 9, 20];
        foreach (var cut in cuts)
        {
            var stream = RecordedStream.Read(bytes[..cut]);
            // Right behind the list of sections a stream may end: then it has no description.
            if (stream.IsIntact && !stream.HasDescription && cut == stream.StreamLength && stream.Sections.Count > 2)
                continue;
            Assert.False(stream.IsIntact, $"Cut at {cut}.");
            Assert.Contains(stream.Damage, damage => damage.Offset <= cut);
        }
    }

    [Fact]
    public void A_stream_that_is_cut_within_its_description_which_QEMU_would_load_is_damaged()
    {
        var bytes = RecordedStream.Bytes("plain-7.2");

        var damage = Assert.Single(RecordedStream.Read(bytes[..^1]).Damage);

        Assert.Equal(bytes.Length - 1, damage.Offset);
        Assert.Contains("QEMU would load it all the same", damage.What, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Described))]
    public void What_follows_a_stream_is_found(string name)
    {
        var bytes = RecordedStream.Bytes(name);

        Assert.Equal(bytes.Length, Assert.Single(RecordedStream.Read([.. bytes, 1]).Damage).Offset);
    }

    [Fact]
    public void A_footer_with_another_number_is_found()
    {
        var bytes = RecordedStream.Bytes("plain-7.2");
        var ram = RecordedStream.Read(bytes).Sections[0];
        var footer = bytes.AsSpan().IndexOf((byte[])[0x7E, 0, 0, 0, (byte)ram.Id]);
        bytes[footer + 4]++;

        Assert.Equal(footer, Assert.Single(RecordedStream.Read(bytes).Damage).Offset);
    }

    [Fact]
    public void A_mapped_file_whose_bitmaps_were_never_written_is_unfinished()
    {
        var bytes = RecordedStream.Bytes("mapped-10.0");
        foreach (var block in RecordedStream.Read(bytes).RamBlocks)
        {
            var name = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(block.Name));
            bytes.AsSpan(name + block.Name.Length + 8 + 28, (int)((block.Length / 4096) + 63) / 64 * 8).Clear();
        }

        Assert.Contains("not written to its end", Assert.Single(RecordedStream.Read(bytes).Damage).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_streams_of_two_machines_differ_in_what_is_named()
    {
        var reading = new StreamReading { FieldsOf = _ => true };
        var (old, young) = (RecordedStream.Read(RecordedStream.Bytes("devices-7.2"), reading), RecordedStream.Read(RecordedStream.Bytes("devices-10.0"), reading));
        var differences = StreamComparison.Compare(old, young);

        Assert.Empty(StreamComparison.Compare(old, old));
        Assert.Contains(new StreamDifference(StreamDifferenceKind.Machine, "", "pc-q35-7.2", "pc-q35-10.0"), differences);
        Assert.Contains(differences, difference => difference is { Kind: StreamDifferenceKind.Field, Name: "hpet num_timers", Difference: null });
        Assert.All(StreamComparison.Compare(young, old), difference => Assert.Contains(difference with { Reference = difference.Difference, Difference = difference.Reference }, differences));
    }

    [Fact]
    public void A_changed_field_is_named()
    {
        var bytes = RecordedStream.Bytes("plain-7.2");
        var reading = new StreamReading { FieldsOf = _ => true };
        var before = RecordedStream.Read(bytes, reading);
        var eip = before.Fields.Single(field => field.Field == "env.eip");
        bytes[eip.Offset + eip.Size - 1]++;

        Assert.Equal([new StreamDifference(StreamDifferenceKind.Value, "cpu env.eip", "65520", "65521")], StreamComparison.Compare(before, RecordedStream.Read(bytes, reading)));
    }

    [Fact]
    public void A_stream_lies_behind_something_where_that_is_said()
    {
        byte[] file = [.. new byte[4096], .. RecordedStream.Bytes("plain-7.2")];

        Assert.True(RecordedStream.Read(file, new StreamReading { Offset = 4096 }).IsIntact);
    }
}
