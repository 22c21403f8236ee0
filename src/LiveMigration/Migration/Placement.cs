using LiveMigration.Domains;

namespace LiveMigration.Migration;

/// <summary>What one host says of the domain: its status, that it has none, or nothing at all.</summary>
internal readonly record struct Placement
{
    private Placement(DomainStatus? status, bool reachable)
    {
        Status = status;
        IsReachable = reachable;
    }

    internal static readonly Placement Absent = new(null, reachable: true);

    internal static readonly Placement Unreachable = new(null, reachable: false);

    internal DomainStatus? Status { get; }

    internal bool IsReachable { get; }

    /// <summary>Known not to have a process of the domain.</summary>
    internal bool IsGone => IsReachable && Status is not { IsActive: true };

    internal bool IsActive => Status is { IsActive: true };

    internal static Placement Of(DomainStatus status) => new(status, reachable: true);

    public override string ToString() => !IsReachable ? "no answer" : Status?.ToString() ?? "domain not found";
}
