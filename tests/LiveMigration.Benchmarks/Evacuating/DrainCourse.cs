using System.Diagnostics;
using System.Text.Json;
using LiveMigration.Benchmarks.Measuring;

namespace LiveMigration.Benchmarks.Evacuating;

/// <summary>The guests and the lab's hosts a and b; each run takes all of them to the other host.</summary>
/// <param name="lab">The command of the lab.</param>
/// <param name="guests">Their names; all are on a.</param>
internal sealed class DrainCourse(LabCommand lab, IReadOnlyList<string> guests)
{
    private static readonly string[] Hosts = ["a", "b"];
    private static readonly string[] Faults = ["lost", "duplicated", "corruptMemory"];

    /// <summary>Until a standstill at the end shows in the ticks, too.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private int _at;

    internal IReadOnlyList<string> Guests => guests;

    /// <summary>What sending each page once takes: the guests stand still meanwhile.</summary>
    internal async Task<long> BytesAtLeastAsync(Func<int, Task> move)
    {
        foreach (var guest in guests)
            await lab.RunAsync("virsh", Hosts[_at], "-q", "suspend", guest);
        var before = await lab.CarriedAsync(Hosts[_at]);
        await move(_at);
        var sent = await lab.CarriedAsync(Hosts[_at]) - before;
        _at = 1 - _at;
        foreach (var guest in guests)
            await lab.RunAsync("virsh", Hosts[_at], "-q", "resume", guest);
        await Task.Delay(Settle);
        return sent;
    }

    internal async Task ShapeAsync(string rate)
    {
        foreach (var host in Hosts)
            await lab.RunAsync("link", host, "rate", rate);
    }

    internal async Task<Drain> RunAsync(Func<int, Task> move)
    {
        var here = Hosts[_at];
        var ticks = await Task.WhenAll(guests.Select(guest => lab.TicksAsync(guest, 0)));
        var before = await lab.CarriedAsync(here);
        var started = Stopwatch.GetTimestamp();
        await move(_at);
        var time = Stopwatch.GetElapsedTime(started);
        var sent = await lab.CarriedAsync(here) - before;
        _at = 1 - _at;
        await Task.Delay(Settle);
        var after = await Task.WhenAll(guests.Select((guest, at) => lab.TicksAsync(guest, ticks[at].GetProperty("last").GetInt64())));
        foreach (var (guest, seen) in guests.Zip(after))
            Check(guest, seen, Hosts[_at]);
        return new Drain(time.TotalSeconds, after.Sum(seen => seen.GetProperty("maxGapMs").GetDouble()), sent);
    }

    /// <summary>A contestant that loses a guest has no time.</summary>
    private static void Check(string guest, JsonElement seen, string host)
    {
        string[] faults = [.. Faults.Where(fault => seen.GetProperty(fault).GetInt64() != 0)];
        if (faults.Length > 0 || seen.GetProperty("hostsTicking").EnumerateArray().Select(ticking => ticking.GetString()).ToArray() is not [var only] || only != host)
            throw new InvalidOperationException($"'{guest}' is not whole on {host}: {seen}");
    }
}
