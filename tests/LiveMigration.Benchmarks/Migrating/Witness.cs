using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LiveMigration.Benchmarks.Migrating;

/// <summary>
/// Watches one host from processes of its own, the same for every contestant: what libvirt tells (virsh event) and what QEMU
/// itself tells, with QEMU's time (virsh qemu-monitor-event).
/// </summary>
internal sealed partial class Witness : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process[] _processes;

    internal Witness(string uri) => _processes =
    [
        Listen(uri, "event", "--all", "--loop", "--timestamp"),
        Listen(uri, "qemu-monitor-event", "--loop", "--event", "MIGRATION"),
    ];

    internal void Clear() => _lines.Clear();

    /// <summary>When the host's QEMU said that the migration was complete.</summary>
    internal Task<DateTimeOffset> QemuCompletedAsync() => FindAsync(QemuCompleted(), match =>
        DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));

    /// <summary>When libvirt said so: <c>Stopped Migrated</c> at the source, <c>Resumed Migrated</c> at the destination.</summary>
    internal Task<DateTimeOffset> LifecycleAsync(string change) => FindAsync(
        new Regex($"^(\\S+ \\S+): event 'lifecycle' for domain .*: {change}$"),
        match => DateTimeOffset.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    /// <summary>A number of the job's last statistics: <c>downtime</c>, <c>time_elapsed</c>.</summary>
    internal Task<double> JobAsync(string field) => FindAsync(
        new Regex($"^\\s*{field}: ([0-9]+)$"), match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.Dispose();
        }
    }

    /// <summary>The event may be on its way still.</summary>
    private async Task<T> FindAsync<T>(Regex line, Func<Match, T> read)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (_lines.Select(said => line.Match(said)).FirstOrDefault(match => match.Success) is { } found)
                return read(found);
            await Task.Delay(25);
        }

        throw new TimeoutException($"No event '{line}' within 5 s. There was: {string.Join("\n", _lines)}");
    }

    private Process Listen(string uri, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("virsh", ["-q", "-c", uri, .. arguments])
        {
            RedirectStandardOutput = true,
            // virsh watches its input and ends with it.
            RedirectStandardInput = true,
        })!;
        process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        return process;
    }

    [GeneratedRegex("^event MIGRATION at ([0-9.]+) for domain .*\"completed\"")]
    private static partial Regex QemuCompleted();
}
