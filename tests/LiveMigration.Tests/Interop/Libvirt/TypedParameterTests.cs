using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Tests.Interop.Libvirt;

public sealed unsafe class TypedParameterTests
{
    [LibvirtFact]
    public void What_is_put_in_is_read_out()
    {
        using var list = List(("parallel.connections", -7), ("bandwidth", ulong.MaxValue - 1), ("destination_name", "wéb"));
        var reader = Reader(list);
        Assert.Equal(3, reader.Count);
        Assert.Equal(("parallel.connections", "bandwidth", "destination_name"), (reader.NameText(0), reader.NameText(1), reader.NameText(2)));
        Assert.Equal(-7, reader.Number("parallel.connections"u8));
        Assert.Equal("wéb", reader.Text("destination_name"u8));
    }

    [LibvirtFact]
    public void A_number_too_large_for_a_long_is_the_largest_long()
    {
        using var list = List(("bandwidth", ulong.MaxValue));
        Assert.Equal(long.MaxValue, Reader(list).Number("bandwidth"u8));
    }

    [LibvirtFact]
    public void A_text_is_no_number_and_a_number_no_text()
    {
        using var list = List(("uri", "tcp://b"), ("port", 49152));
        Assert.Null(Reader(list).Number("uri"u8));
        Assert.Null(Reader(list).Text("port"u8));
    }

    [LibvirtFact]
    public void What_is_not_there_is_null_and_part_of_a_name_is_not_the_name()
    {
        using var list = List(("memory_total", 1UL));
        var reader = Reader(list);
        Assert.Null(reader.Number("memory"u8));
        Assert.Null(reader.Number("memory_total_"u8));
        Assert.Null(reader.Text("nosuch"u8));
        Assert.Equal(-1, reader.Find("nosuch"u8));
    }

    [LibvirtFact]
    public void Several_texts_are_the_same_name_several_times()
    {
        string[] disks = ["vda", "vdb"];
        using var list = List(("migrate_disks", disks));
        var reader = Reader(list);
        Assert.Equal(2, reader.Count);
        Assert.Equal(("vda", "vdb"), (reader.Text(0), reader.Text(1)));
        Assert.Equal("vda", reader.Text("migrate_disks"u8));
    }

    [LibvirtFact]
    public void Nothing_is_an_empty_list()
    {
        using var list = List();
        Assert.Equal((0u, true), (list.Count, list.Pointer is null));
    }

    [LibvirtFact]
    public void A_name_that_does_not_fit_is_libvirts_error()
    {
        var error = Assert.Throws<LibvirtException>(() => List(("fits", 1), (new string('x', 80), 1)));
        Assert.Contains("too long", error.LibvirtMessage, StringComparison.Ordinal);
    }

    [LibvirtFact]
    public void A_value_of_another_type_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => List(("bandwidth", 1.5)));
        Assert.StartsWith("'bandwidth' has a value of a type that libvirt does not accept: System.Double.", error.Message, StringComparison.Ordinal);
    }

    [LibvirtFact]
    public void A_list_may_be_freed_twice()
    {
        var list = List(("port", 1));
        list.Dispose();
        list.Dispose();
        Assert.Equal(0u, list.Count);
    }

    [Fact]
    public void Every_type_of_number_is_read()
    {
        Assert.Equal(-1, Read(TypedParameterType.Int, new() { Int = -1 }));
        Assert.Equal(uint.MaxValue, Read(TypedParameterType.UInt, new() { UInt = uint.MaxValue }));
        Assert.Equal(long.MinValue, Read(TypedParameterType.LLong, new() { LLong = long.MinValue }));
        Assert.Equal(5, Read(TypedParameterType.ULLong, new() { ULLong = 5 }));
        Assert.Equal(2, Read(TypedParameterType.Double, new() { Double = 2.9 }));
        Assert.Equal(1, Read(TypedParameterType.Boolean, new() { Boolean = 1 }));
        Assert.Null(Read(99, default));

        static long? Read(int type, VirTypedValue value)
        {
            var parameter = new VirTypedParameter { Type = type, Value = value };
            return new TypedParameterReader(&parameter, 1).Number(0);
        }
    }

    [Fact]
    public void A_name_that_fills_its_field_has_no_end_mark()
    {
        VirTypedParameter parameter = default;
        new Span<byte>(&parameter.Field, 80).Fill((byte)'x');
        Assert.Equal(new string('x', 80), new TypedParameterReader(&parameter, 1).NameText(0));
    }

    [LibvirtFact]
    public void Statistics_of_a_job_are_read_by_libvirts_names()
    {
        using var list = List(
            ("operation", 5), ("time_elapsed", 2000UL), ("data_total", 300UL), ("data_remaining", 100UL), ("memory_iteration", 3UL),
            ("memory_dirty_rate", 17UL), ("memory_page_size", 4096UL), ("auto_converge_throttle", 20), ("errmsg", "no"));
        var job = JobStatistics.Read(JobType.Unbounded, Reader(list));
        Assert.True(job is { IsMigration: true, IsActive: true, Operation: JobOperation.MigrationOut });
        Assert.Equal((2000, 300, 100), (job.TimeElapsed, job.DataTotal, job.DataRemaining));
        Assert.Equal((3, 17, 4096, 20), (job.Iteration, job.DirtyPagesPerSecond, job.PageSize, job.Throttle));
        Assert.Equal(("no", null, null), (job.Error, job.Downtime, job.MemoryTotal));
    }

    [Theory]
    [InlineData(0, 5, false, false)]
    [InlineData(1, 5, true, true)]
    [InlineData(2, 4, true, true)]
    [InlineData(2, 0, false, true)]
    [InlineData(3, 5, true, false)]
    [InlineData(5, 5, true, false)]
    public void A_job_is_a_migration_or_not_and_goes_on_or_not(int type, int operation, bool migration, bool active)
    {
        var job = new JobStatistics { Type = (JobType)type, Operation = (JobOperation)operation };
        Assert.Equal((migration, active), (job.IsMigration, job.IsActive));
    }

    private static TypedParameterList List(params (string Name, object Value)[] values) =>
        new(values.Select(one => KeyValuePair.Create(one.Name, one.Value)));

    private static TypedParameterReader Reader(TypedParameterList list) => new(list.Pointer, (int)list.Count);
}
