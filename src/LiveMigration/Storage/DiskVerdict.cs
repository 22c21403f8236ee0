using LiveMigration.Domains;

namespace LiveMigration.Storage;

/// <summary>Who can reach a disk: <see cref="StorageAccess.Shared"/> and <see cref="StorageAccess.Local"/> are proven, <see cref="StorageAccess.Unknown"/> is neither.</summary>
/// <param name="Access">Who.</param>
/// <param name="Evidence">What shows it, or why nothing does: one sentence.</param>
internal sealed record DiskVerdict(StorageAccess Access, string Evidence)
{
    /// <summary>What would prove that both hosts reach it: one sentence; null where it is proven either way.</summary>
    internal string? Proof { get; init; }

    internal bool IsShared => Access is StorageAccess.Shared;

    /// <summary>The same where the user knows what is not proven.</summary>
    internal DiskVerdict Assumed(string target) =>
        Access is StorageAccess.Unknown ? Shared($"-AssumeShared {target} says that both hosts access the same data. {Evidence}") : this;

    internal static DiskVerdict Shared(string evidence) => new(StorageAccess.Shared, evidence);

    internal static DiskVerdict Local(string evidence) => new(StorageAccess.Local, evidence);

    internal static DiskVerdict Unknown(string evidence, string? proof = null) => new(StorageAccess.Unknown, evidence) { Proof = proof };
}
