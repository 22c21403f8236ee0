using LiveMigration.Evacuation.Fleets;

namespace LiveMigration.Evacuation.Running;

/// <summary>A migration that sends, as the division of bandwidth sees it.</summary>
/// <param name="Domain">Whose it is, and where it leaves.</param>
/// <param name="Destination">Where it arrives.</param>
/// <param name="BytesLeft">What it has still to send.</param>
/// <param name="First">Whether it needs the link most: it changes its memory so fast that beside others it would not get done.</param>
/// <param name="Last">Whether it would not get done with the whole link either.</param>
/// <param name="Rate">What it sends, in bytes per second, where that is less than it may; null where its limit holds it, or nothing is known.</param>
/// <param name="Fixed">Its limit in bytes per second, where that cannot be changed; null where it can.</param>
internal readonly record struct BandwidthDemand(FleetDomain Domain, string Destination, double BytesLeft, bool First, bool Last, double? Rate, double? Fixed = null);
