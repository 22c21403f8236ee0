namespace LiveMigration.Hypervisors;

/// <summary>What the source reports about a migration without being asked.</summary>
internal abstract record MigrationSignal
{
    private MigrationSignal()
    {
    }

    /// <summary>A pass over memory began; the second when all memory was sent once.</summary>
    /// <param name="Number">QEMU's own count, which may go on from an earlier migration of the guest; null where it was not said.</param>
    internal sealed record PassBegan(long? Number = null) : MigrationSignal;

    /// <summary>The guest is stopped at the source, and the rest is sent.</summary>
    internal sealed record SwitchedOver : MigrationSignal;

    /// <summary>The guest is started at the destination, and the rest of its memory is fetched.</summary>
    internal sealed record PostCopyBegan : MigrationSignal;

    /// <summary>The halves of a post-copy lost each other.</summary>
    internal sealed record PostCopyBroke : MigrationSignal;

    /// <summary>The guest's process at the source ended.</summary>
    /// <param name="Why"><see cref="GuestState.Ended"/>, <see cref="GuestState.Crashed"/>, or <see cref="GuestState.ShutOff"/> for any other reason.</param>
    internal sealed record Stopped(GuestState Why) : MigrationSignal;

    /// <summary>It is complete.</summary>
    /// <param name="Statistics">The last counters: the only ones with the measured downtime.</param>
    internal sealed record Completed(MigrationStatistics Statistics) : MigrationSignal;
}
