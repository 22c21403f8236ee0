namespace LiveMigration.Migration;

/// <summary>What a migration changes on its hosts around the transfer itself. Disposing gives back what was only reserved.</summary>
internal interface IMigrationSetup : IDisposable
{
    /// <summary>Makes it. What was done before one step failed is put back by <see cref="PutBackAsync"/> as well.</summary>
    Task MakeAsync();

    /// <summary>A migration that continues without us, or that stands still in two halves, keeps what it needs until it is over.</summary>
    Task LeaveAsync();

    /// <summary>Puts back what the outcome allows, the guest first; what is not known for certain stays, and the user is told.</summary>
    /// <param name="outcome">Where the guest is.</param>
    /// <param name="suspended">Whether we paused the guest.</param>
    /// <param name="lostTouch">Whether the connection to the source was lost while it migrated.</param>
    Task PutBackAsync(OutcomeProbe outcome, bool suspended, bool lostTouch);

    /// <summary>Does what the hypervisor does not carry along with a guest that has moved, and verifies what it did.</summary>
    /// <param name="outcome">Where the guest is.</param>
    /// <param name="reported">Whether the hypervisor reported an error all the same.</param>
    /// <param name="pause">How long the guest was paused; null where that is not known.</param>
    Task<IReadOnlyList<VerifiedFact>> VerifyAsync(OutcomeProbe outcome, bool reported, TimeSpan? pause);
}
