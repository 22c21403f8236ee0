using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Encrypting;

/// <summary>What encryption costs: the same memory in the clear, by TLS, and by TLS over several connections, in turn.</summary>
internal sealed class TlsBenchmark(IReadOnlyList<LibvirtHost> hosts, string guest)
{
    private static readonly MigrationOptions Plain = new() { Tls = MigrationTls.Off };
    private static readonly MigrationOptions Encrypted = new() { Tls = MigrationTls.Required };

    private static readonly (string Name, MigrationOptions Options)[] Forms =
    [
        ("plain", Plain),
        ("tls", Encrypted),
        ("tls-2", Encrypted with { Parallel = 2 }),
        ("tls-4", Encrypted with { Parallel = 4 }),
    ];

    private int _at;

    /// <param name="first">Where the guest is.</param>
    /// <param name="second">Where it goes.</param>
    /// <param name="guest">A guest that stands still: what its processes work is the migration.</param>
    /// <param name="rounds">How often each form is measured.</param>
    internal static async Task RunAsync(string first, string second, string guest, int rounds)
    {
        using var here = await LibvirtHost.ConnectAsync("here", HostUri.Parse(first));
        using var there = await LibvirtHost.ConnectAsync("there", HostUri.Parse(second));
        await new TlsBenchmark([here, there], guest).RunAsync(rounds);
    }

    private async Task RunAsync(int rounds)
    {
        // Once, uncounted: the hosts' page caches, and our just-in-time compiler.
        foreach (var (_, options) in Forms)
            await MoveAsync(options);
        var streams = Forms.Select(_ => new List<Stream>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            // Each form as often first as the others.
            foreach (var form in Enumerable.Range(0, Forms.Length).Select(turn => (turn + round) % Forms.Length))
                streams[form].Add(await MoveAsync(Forms[form].Options));
        }

        foreach (var (form, measured) in Forms.Zip(streams))
        {
            Metric.Median($"tls.{form.Name}.rate", [.. measured.Select(stream => stream.Rate)], "MiB/s").Print();
            Metric.Median($"tls.{form.Name}.cpu.source", [.. measured.Select(stream => stream.SourceTime)], "s/GiB").Print();
            Metric.Median($"tls.{form.Name}.cpu.destination", [.. measured.Select(stream => stream.DestinationTime)], "s/GiB").Print();
        }

        foreach (var (form, measured) in Forms.Zip(streams).Skip(1))
        {
            Print($"tls.{form.Name}.rate.ratio", measured, stream => stream.Rate, "what travelled by libvirt's time of the migration");
            Print($"tls.{form.Name}.cpu.ratio", measured, stream => stream.SourceTime + stream.DestinationTime, "processor time of both QEMUs; the start of the destination's is in it");
        }

        void Print(string name, List<Stream> measured, Func<Stream, double> what, string includes) =>
            (Metric.Median(name, [.. measured.Zip(streams[0], (stream, plain) => what(stream) / what(plain))], "/plain") with { Includes = includes }).Print();
    }

    private async Task<Stream> MoveAsync(MigrationOptions options)
    {
        var plan = await (await hosts[_at].GetDomainAsync(guest)).PlanMigrationAsync(hosts[1 - _at], options);
        using var work = QemuWork.Watch(guest);
        var result = await plan.Start().Completion;
        if (result.ToException() is { } failure)
            throw failure;
        var (source, destination) = await work.EndAsync();
        _at = 1 - _at;
        var gibibytes = (double)result.Transferred!.Value / ByteSize.MiB / 1024;
        return new Stream((double)result.MeanRate!.Value / ByteSize.MiB, source.TotalSeconds / gibibytes, destination.TotalSeconds / gibibytes);
    }

    /// <summary>One migration.</summary>
    /// <param name="Rate">In MiB/s.</param>
    /// <param name="SourceTime">Processor time of the source's QEMU, in seconds for each GiB sent.</param>
    /// <param name="DestinationTime">The destination's.</param>
    private sealed record Stream(double Rate, double SourceTime, double DestinationTime);
}
