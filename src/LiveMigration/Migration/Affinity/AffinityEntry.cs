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

    internal static AffinityEntry? Parse(string line) => line.Split(' ') is [Format, var domain, var source, var destination, var former, var process, var start]
        ? new AffinityEntry(
            Guid.Parse(domain), Guid.Parse(source), Guid.Parse(destination), Convert.FromHexString(former),
            int.Parse(process, CultureInfo.InvariantCulture), long.Parse(start, CultureInfo.InvariantCulture))
        : null;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Format} {Domain} {Source} {Destination} {Convert.ToHexString(Former)} {ProcessId} {ProcessStart}");
}
