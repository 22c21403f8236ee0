namespace LiveMigration.Tests;

/// <summary>DESIGN "Rules between layers".</summary>
public sealed class LayerTests
{
    /// <summary>Top to bottom: a layer may use itself and what is below.</summary>
    private static readonly string[][] Layers =
    [
        ["Metrics"], ["Evacuation"], ["Migration"], ["Monitoring"], ["Planning"], ["Readiness"], ["Storage", "Security"], ["Domains"], ["Hypervisors.Qemu"], ["Hosts"],
        ["State"], ["Interop"], ["Tracing"], ["Forecasting", "Hypervisors", "Streams"], ["Units", "Errors"],
    ];

    private static readonly Dictionary<string, HashSet<string>> Core = References.Of(typeof(LiveMigration.Hosts.LibvirtHost).Assembly.Location)
        .Where(type => type.Key.StartsWith("LiveMigration.", StringComparison.Ordinal))
        .ToDictionary();

    private const string EventLoop = "LiveMigration.Interop.Libvirt.EventLoop";

    [Fact]
    public void The_walk_sees_what_is_in_bodies() =>
        Assert.Contains("System.Threading.Thread..ctor", Core[EventLoop]);

    [Fact]
    public void Every_type_belongs_to_a_layer() => Assert.Equal([], Core.Keys.Where(type => Depth(type) < 0));

    [Fact]
    public void No_layer_uses_one_above_it() =>
        Empty(type => Core[type].Where(used => Core.ContainsKey(used) && Depth(used) < Depth(type)));

    [Fact]
    public void Only_the_native_bindings_hold_native_handles() =>
        Empty(type => In(type, "Interop.Libvirt") || In(type, "Interop.Posix") ? [] : Core[type].Where(used =>
            used is "pointer" or "System.IntPtr" or "System.UIntPtr"
            or "System.Runtime.InteropServices.SafeHandle" or "System.Runtime.InteropServices.GCHandle"));

    [Fact]
    public void Only_QMP_records_and_descriptions_of_streams_are_JSON() =>
        Empty(type => In(type, "Interop.Qmp") || In(type, "State") || In(type, "Streams.Descriptions")
            ? []
            : Core[type].Where(used => used.StartsWith("System.Text.Json.", StringComparison.Ordinal)));

    /// <summary>What carries out, watches and judges a migration works for every hypervisor, in a time that tests make.</summary>
    [Theory]
    [InlineData("MigrationExecutor")]
    [InlineData("MigrationSupervisor")]
    [InlineData("ObservedMigration")]
    [InlineData("OutcomeProbe")]
    [InlineData("OutcomeRules")]
    [InlineData("JobEnd")]
    [InlineData("MigrationReport")]
    [InlineData("PolicyExecutor")]
    [InlineData("DiskBandwidthController")]
    public void The_engine_knows_no_hypervisor_and_no_clock(string engine) =>
        Assert.DoesNotContain(Core[$"LiveMigration.Migration.{engine}"], used =>
            In(used, "Interop") || In(used, "Migration.Libvirt") || used is "LiveMigration.Planning.MigrationPlan" or "System.Diagnostics.Stopwatch"
            or "System.TimeProvider.get_System" or "System.DateTime.get_Now" or "System.DateTime.get_UtcNow" or "System.DateTimeOffset.get_Now" or "System.DateTimeOffset.get_UtcNow");

    /// <summary>A connection's calls block: LibvirtHost gives each a thread, and closing one may wait for a host that is gone.</summary>
    private static readonly string[] Starts = [EventLoop, "LiveMigration.Interop.Qmp.", "LiveMigration.Hosts.LibvirtHost", "LiveMigration.Interop.Libvirt.ConnectHandle"];

    [Fact]
    public void Nothing_below_Migration_starts_threads_but_connections_the_event_loop_and_the_QMP_reader() =>
        Empty(type => Depth(type) <= Depth("LiveMigration.Migration.") || Starts.Any(starts => type.StartsWith(starts, StringComparison.Ordinal))
            ? []
            : Core[type].Where(StartsThreads));

    [Fact]
    public void Those_that_may_start_threads_do() =>
        Assert.All(Starts, starts => Assert.Contains(Core, type => type.Key.StartsWith(starts, StringComparison.Ordinal) && type.Value.Any(StartsThreads)));

    private static bool StartsThreads(string used) =>
        used is "System.Threading.Thread..ctor" or "System.Threading.Timer..ctor" or "System.Threading.Tasks.Task.Run" or "System.Threading.Tasks.TaskFactory.StartNew"
        || used.StartsWith("System.Threading.ThreadPool.", StringComparison.Ordinal);

    private static void Empty(Func<string, IEnumerable<string>> broken)
    {
        var found = Core.Keys.SelectMany(type => broken(type).Select(used => $"{type} uses {used}")).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static int Depth(string type) => Array.FindIndex(Layers, layer => layer.Any(name => In(type, name)));

    private static bool In(string type, string layer) => type.StartsWith($"LiveMigration.{layer}.", StringComparison.Ordinal);
}
