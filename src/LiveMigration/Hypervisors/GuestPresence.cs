namespace LiveMigration.Hypervisors;

/// <summary>What one host says about a guest. The default is a host that does not answer.</summary>
/// <param name="State">The guest's state there.</param>
/// <param name="Words">The same in the hypervisor's words, for messages.</param>
/// <param name="IsExecuting">Whether the guest executes there. In post-copy, the state alone does not tell.</param>
internal readonly record struct GuestPresence(GuestState State, string? Words = null, bool IsExecuting = false)
{
    /// <summary>The host answers, and has no such guest.</summary>
    internal static readonly GuestPresence Absent = new(GuestState.Absent, "domain not found");

    /// <summary>The host does not answer.</summary>
    internal static readonly GuestPresence Unreachable;

    internal bool IsReachable => State is not GuestState.Unknown;

    /// <summary>Known to have no process of the guest.</summary>
    internal bool IsGone => State is GuestState.Absent or GuestState.ShutOff or GuestState.MigratedAway or GuestState.Ended or GuestState.Crashed;

    /// <summary>Known to have a process of the guest.</summary>
    internal bool IsActive => IsReachable && !IsGone;

    /// <summary>Whether it is half of a migration in post-copy, interrupted or not.</summary>
    internal bool IsPostCopy => State is GuestState.PostCopy or GuestState.PostCopyFailed;

    public override string ToString() => Words ?? (IsReachable ? State.ToString() : "no answer");
}
