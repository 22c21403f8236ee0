using System.Globalization;

namespace LiveMigration.Benchmarks.Encrypting;

/// <summary>
/// The processor time that a guest's two processes take for its migration. The source's ends with it, so it is looked at all the
/// while; libvirt lets it live some 200 ms after QEMU is done.
/// </summary>
internal sealed class QemuWork : IDisposable
{
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _ended = new();
    private readonly string _guest;
    private readonly int _source;
    private readonly Task _watching;
    private readonly TimeSpan _before;
    private TimeSpan _after;

    private QemuWork(string guest)
    {
        _guest = guest;
        _source = Only(Find(guest));
        _before = _after = Time(_source) ?? TimeSpan.Zero;
        _watching = WatchAsync();
    }

    /// <summary>Begins to watch a guest that is to move; its hosts are on this machine.</summary>
    internal static QemuWork Watch(string guest) => new(guest);

    /// <summary>What it took at the source, and at the destination.</summary>
    internal async Task<(TimeSpan Source, TimeSpan Destination)> EndAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        var destination = Only(Find(_guest).Where(process => process != _source));
        return (_after - _before, Time(destination) ?? TimeSpan.Zero);
    }

    public void Dispose() => _ended.Dispose();

    private async Task WatchAsync()
    {
        while (Time(_source) is { } time && !_ended.IsCancellationRequested)
        {
            _after = time;
            await Task.Delay(Interval);
        }
    }

    private static IEnumerable<int> Find(string guest) => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0)
        .Where(process => process > 0 && Read(process, "cmdline") is { } line
            && line.Contains("qemu-system", StringComparison.Ordinal) && line.Contains($"guest={guest},", StringComparison.Ordinal));

    /// <summary>User and system time; null when the process is gone, or waits to be buried.</summary>
    private static TimeSpan? Time(int process)
    {
        // The name, in brackets, may have blanks in it; the state is behind it.
        if (Read(process, "stat") is not { } line || line[(line.LastIndexOf(')') + 2)..].Split(' ') is not [not "Z", .. var fields])
            return null;
        return TimeSpan.FromSeconds((Number(fields[10]) + Number(fields[11])) / TicksPerSecond);
    }

    private static string? Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return null; // It has ended meanwhile.
        }
    }

    private static int Only(IEnumerable<int> processes) => processes.ToArray() is var found && found is [var one]
        ? one
        : throw new InvalidOperationException($"There are {found.Length} processes of the guest, and not one.");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
