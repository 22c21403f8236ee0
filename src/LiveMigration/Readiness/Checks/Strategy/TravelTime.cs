using LiveMigration.Readiness.Gathering;
using LiveMigration.Units;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>How fast memory travels, and how long that takes: the numbers of a forecast.</summary>
internal static class TravelTime
{
    /// <summary>The narrowest of what was asked for and of the hosts' best links; null when none is told.</summary>
    internal static Bandwidth? Speed(ReadinessFacts facts)
    {
        var links = new[] { facts.Source, facts.Destination }
            .Select(host => host.Links.IsHad ? HostLink.Fastest(host.Links.Value)?.Bandwidth : null).OfType<Bandwidth>();
        Bandwidth[] limits = facts.Demand.Bandwidth is { } asked ? [asked, .. links] : [.. links];
        return limits.Length == 0 ? null : limits.Min();
    }

    /// <summary>The limit that was asked for, to ask for it again.</summary>
    internal static string Limit(ReadinessFacts facts) => facts.Demand.Bandwidth is { } asked ? $" -Bandwidth {asked.MebibytesPerSecond}MiB/s" : "";

    /// <summary>Why nothing can be said.</summary>
    internal const string NoSpeed = "Neither host reports a link speed, and -Bandwidth was not specified.";
}
