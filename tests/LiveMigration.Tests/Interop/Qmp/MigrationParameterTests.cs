using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Parameters;
using LiveMigration.Units;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>Parameters and capabilities, as QEMU 7.2 answered.</summary>
public sealed class MigrationParameterTests
{
    private const string File = "parameters/qemu-7.2";

    [Fact]
    public async Task What_QEMU_has_is_what_its_schema_says()
    {
        var all = await RecordedAsync();
        Assert.Equal(27, all.Count);
        var cache = One(all, "xbzrle-cache-size");
        Assert.Equal((QmpParameterKind.Number, 64L << 20, "64 MiB", true), (cache.Type, cache.Value, cache.Text, cache.Settable));
        Assert.False(cache.Changed);
        Assert.Equal((QmpParameterKind.Boolean, false), (One(all, "cpu-throttle-tailslow").Type, One(all, "cpu-throttle-tailslow").Value));
        Assert.Equal(["none", "zlib", "zstd"], One(all, "multifd-compression").Choices);
        Assert.Equal(QmpParameterKind.Text, One(all, "tls-creds").Type);
        Assert.Equal((QmpParameterKind.Structure, false), (One(all, "block-bitmap-mapping").Type, One(all, "block-bitmap-mapping").Settable));
        Assert.Contains("unstable", One(all, "x-checkpoint-delay").Features);
    }

    [Fact]
    public async Task The_documented_defaults_are_what_a_fresh_QEMU_has() =>
        Assert.All((await RecordedAsync()).Where(one => one.Value is not null), one => Assert.False(one.Changed, one.ToString()));

    [Fact]
    public async Task Each_recorded_parameter_and_capability_has_a_meaning()
    {
        Assert.All(await RecordedAsync(), one => Assert.NotEmpty(one.Meaning));
        await using var monitor = await PlayAsync();
        await monitor.QueryMigrationParameterTypesAsync();
        await monitor.QueryMigrationParametersAsync();
        var capabilities = await monitor.QueryMigrationCapabilitiesAsync();
        Assert.Equal(21, capabilities.Count);
        Assert.All(capabilities, one => Assert.Contains(one.Capability, LibvirtDomainParameters.CapabilityNames));
    }

    [Theory]
    [InlineData("xbzrle-cache-size", "128MiB", 128L << 20)]
    [InlineData("xbzrle-cache-size", 8192, 8192L)]
    [InlineData("announce-initial", "0.2s", 200L)]
    [InlineData("announce-rounds", "7", 7L)]
    [InlineData("announce-rounds", 7.0, 7L)]
    [InlineData("cpu-throttle-initial", "30%", 30L)]
    [InlineData("cpu-throttle-tailslow", "on", true)]
    [InlineData("multifd-compression", "ZSTD", "zstd")]
    public async Task A_value_is_read_in_its_unit(string name, object given, object sent)
    {
        var all = await RecordedAsync();
        Assert.Equal(sent, ParameterValue.Read(One(all, name), given, all));
    }

    [Fact]
    public async Task Units_of_the_library_are_values()
    {
        var all = await RecordedAsync();
        Assert.Equal(1L << 20, ParameterValue.Read(One(all, "xbzrle-cache-size"), new ByteSize(1 << 20), all));
        Assert.Equal(100L, ParameterValue.Read(One(all, "announce-step"), TimeSpan.FromSeconds(0.1), all));
    }

    [Theory]
    [InlineData("announce-rounds", "many", "WrongType", "a whole number")]
    [InlineData("announce-rounds", 1.5, "WrongType", "1.5")]
    [InlineData("announce-rounds", true, "WrongType", "a whole number")]
    [InlineData("announce-rounds", 1001, "OutOfRange", "0 to 1000")]
    [InlineData("announce-rounds", -1, "OutOfRange", "0 to 1000")]
    [InlineData("cpu-throttle-tailslow", 1, "WrongType", "true or false")]
    [InlineData("multifd-compression", "zst", "WrongType", "Did you mean 'zstd'")]
    [InlineData("multifd-zstd-level", 21, "OutOfRange", "0 to 20")]
    [InlineData("max-cpu-throttle", 10, "OutOfRange", "cpu-throttle-initial")]
    [InlineData("xbzrle-cache-size", 5000, "OutOfRange", "power of two")]
    [InlineData("block-bitmap-mapping", "x", "NotSupported", "structure")]
    [InlineData("max-bandwidth", 1, "SetByLibvirt", "Use Set-MigrationBandwidth instead")]
    [InlineData("max-postcopy-bandwidth", 1, "SetByLibvirt", "Set-MigrationBandwidth -PostCopy")]
    [InlineData("downtime-limit", 1, "SetByLibvirt", "Set-MigrationDowntime")]
    [InlineData("tls-creds", "x", "SetByLibvirt", "qemu.conf")]
    public async Task What_cannot_be_is_refused(string name, object given, string fault, string says)
    {
        var all = await RecordedAsync();
        var error = Assert.Throws<LiveMigrationException>(() => ParameterValue.Read(One(all, name), given, all));
        Assert.Equal(fault, error.Fault.Id);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"a: vm1: {name}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "active", "MigrationInProgress")]
    [InlineData("Start-VMLiveMigration -Parallel", "postcopy-active", "MigrationInProgress")]
    [InlineData("Start-VMLiveMigration -Parallel", null, "SetByLibvirt")]
    [InlineData("Start-VMLiveMigration -Parallel", "cancelled", "SetByLibvirt")]
    public void A_capability_is_libvirts_or_fixed_while_a_migration_runs(string? instead, string? status, string fault)
    {
        var error = Assert.Throws<LiveMigrationException>(() => LibvirtDomainParameters.CheckChangeable("a: vm1: multifd", "a", instead, status));
        Assert.Equal(fault, error.Fault.Id);
        Assert.Contains(instead ?? "before the migration", error.Message, StringComparison.Ordinal);
    }

    [QemuFact]
    [Trait("Category", "Lab")]
    public async Task A_real_one_answers_as_recorded()
    {
        await using var qemu = RealQemu.Start();
        var transport = new Recording.Transport(await qemu.OnceItListensAsync(() => SocketTransport.ConnectAsync(qemu.Monitor, default)));
        await using (var monitor = await QmpClient.StartAsync(transport, QmpOptions.Default, default))
        {
            var types = await monitor.QueryMigrationParameterTypesAsync();
            var values = await monitor.QueryMigrationParametersAsync();
            Assert.NotEmpty(await monitor.QueryMigrationCapabilitiesAsync());
            Assert.Empty(values.Keys.Except(types.Select(type => type.Name)));
        }

        if (Recording.Wanted)
            transport.Recorded.Write(File);
    }

    private static MigrationParameter One(IReadOnlyList<MigrationParameter> all, string name) => Assert.Single(all, one => one.Parameter == name);

    private static Task<QmpClient> PlayAsync() =>
        QmpClient.StartAsync(new Recording.Replay(Recording.Read(File)), QmpOptions.Default, default);

    private static async Task<IReadOnlyList<MigrationParameter>> RecordedAsync()
    {
        await using var monitor = await PlayAsync();
        var types = await monitor.QueryMigrationParameterTypesAsync();
        return LibvirtDomainParameters.Describe("vm1", "a", types, await monitor.QueryMigrationParametersAsync());
    }
}
