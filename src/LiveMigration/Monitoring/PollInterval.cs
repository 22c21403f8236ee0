namespace LiveMigration.Monitoring;

/// <summary>
/// How soon to look again: often when the end is near, seldom while gigabytes remain. Each look is a question to QEMU's main
/// loop, which delays a guest that writes much: every 100 ms, it made such a migration 5 % longer. Events tell the end.
/// </summary>
internal static class PollInterval
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(1);

    internal static TimeSpan After(MigrationProgress progress)
    {
        if (progress.Phase is not MigrationPhase.Copying || progress.TimeLeft is not { } left)
            return Often;
        return left / 10 < Often ? Often : left / 10 > Seldom ? Seldom : left / 10;
    }
}
