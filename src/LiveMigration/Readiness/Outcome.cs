namespace LiveMigration.Readiness;

/// <summary>What a check says about one thing; what that is worth, its severity decides.</summary>
internal sealed record Outcome(OutcomeKind Kind, string Evidence, string? Fix = null, string? Subject = null, Repair? Repair = null)
{
    internal static Outcome Pass(string evidence, string? subject = null) => new(OutcomeKind.Holds, evidence, Subject: subject);

    internal static Outcome Skip(string reason) => new(OutcomeKind.Skipped, reason);

    /// <summary>It does not hold.</summary>
    internal static Outcome Broken(string evidence, string? fix = null, string? subject = null) => new(OutcomeKind.Broken, evidence, fix, subject);

    /// <summary>It does not hold, and can be set right by us.</summary>
    internal static Outcome Broken(string evidence, Repair repair, string? subject = null) =>
        new(OutcomeKind.Broken, evidence, repair.Command, subject, repair);

    /// <summary>It holds, and not as well as it might: never more than a warning.</summary>
    internal static Outcome Doubtful(string evidence, string? fix = null, string? subject = null) => new(OutcomeKind.Doubtful, evidence, fix, subject);

    /// <summary>The same, and can be set right by us.</summary>
    internal static Outcome Doubtful(string evidence, Repair repair, string? subject = null) =>
        new(OutcomeKind.Doubtful, evidence, repair.Command, subject, repair);

    /// <summary>Nobody tells.</summary>
    internal static Outcome Untold(string reason, string? subject = null) => new(OutcomeKind.Untold, reason, Subject: subject);
}

/// <summary>Kinds of <see cref="Outcome"/>.</summary>
internal enum OutcomeKind
{
    Holds,
    Skipped,
    Untold,
    Missing,
    Doubtful,
    Broken,
}
