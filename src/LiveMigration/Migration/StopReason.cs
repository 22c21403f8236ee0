namespace LiveMigration.Migration;

/// <summary>Why we ended a migration.</summary>
internal enum StopReason
{
    None,
    Requested,
    Timeout,
    Stalled,
    NotPrepared,
    NotConverging,
    DestinationLost,
}
