using System.Globalization;

namespace LiveMigration.Migration.Affinity;

/// <summary>A pinning that we changed, and what it was before: written down first, so that it can be put back by whoever comes later.</summary>
/// <param name="Domain">The domain's UUID.</param>
/// <param name="Source">The source's UUID.</param>
/// <param name="Destination">The destination's UUID: a domain takes its pinning along.</param>
/// <param name="Former">The CPUs before, as libvirt's bitmap.</param>
/// <param name="ProcessId">Who changed it.</param>
/// <param name="ProcessStart">When that process started: numbers are used again.</param>
internal sealed record AffinityEntry(Guid Domain, Guid Source, Guid Destination, byte[] Former, int ProcessId, long ProcessStart)
{
    private const string Format = "affinity-1";

    /// <summary>Whose the entry is when its client lives on and does not care any more.</summary>
    internal const int Nobody = -1;

    internal static AffinityEntry? Parse(string line)
    {
        try
        {
            return line.Split(' ') is [Format, var domain, var source, var destination, var former, var process, var start]
                ? new AffinityEntry(
                    Guid.Parse(domain), Guid.Parse(source), Guid.Parse(destination), Convert.FromHexString(former),
                    int.Parse(process, CultureInfo.InvariantCulture), long.Parse(start, CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null; // Not ours.
        }
    }

    /// <summary>Whether it may have to be undone on this host.</summary>
    internal bool IsFor(Guid host) => Source == host || Destination == host;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Format} {Domain} {Source} {Destination} {Convert.ToHexString(Former)} {ProcessId} {ProcessStart}");
}
