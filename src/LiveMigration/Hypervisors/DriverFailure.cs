using LiveMigration.Errors;

namespace LiveMigration.Hypervisors;

/// <summary>How an attempt of a driver failed.</summary>
/// <param name="Error">What was reported.</param>
/// <param name="LostTouch">
/// Whether only our connection to the source was lost: the hosts may do without us, and know more than the error.
/// </param>
internal sealed record DriverFailure(LiveMigrationException Error, bool LostTouch = false);
