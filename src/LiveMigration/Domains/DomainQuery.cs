using System.IO.Enumeration;

namespace LiveMigration.Domains;

/// <summary>Which domains are wanted.</summary>
public sealed record DomainQuery
{
    /// <summary>Every domain.</summary>
    public static readonly DomainQuery All = new();

    /// <summary>Names with wildcards (<c>*</c>, <c>?</c>), or UUIDs; all when empty.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>States; all when empty.</summary>
    public IReadOnlyList<DomainState> States { get; init; } = [];

    /// <summary>Whether names match without regard to case; libvirt itself tells <c>web</c> from <c>WEB</c>.</summary>
    public bool IgnoreCase { get; init; }

    internal bool Wants(string name, Guid uuid) => Names.Count == 0 || Names.Any(wanted => Matches(wanted, name, uuid, IgnoreCase));

    internal bool Wants(DomainState state) => States.Count == 0 || States.Contains(state);

    /// <summary>Whether a name given by a user means this domain.</summary>
    /// <param name="wanted">A name, a pattern or a UUID.</param>
    /// <param name="name">The domain's name.</param>
    /// <param name="uuid">The domain's UUID.</param>
    /// <param name="ignoreCase">Whether <c>WEB</c> means <c>web</c>, too.</param>
    public static bool Matches(string wanted, string name, Guid uuid, bool ignoreCase = false) =>
        Guid.TryParse(wanted, out var id) && id == uuid
        || (HasWildcard(wanted)
            ? FileSystemName.MatchesSimpleExpression(wanted, name, ignoreCase)
            : string.Equals(wanted, name, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));

    /// <summary>Whether a name given by a user may mean several domains.</summary>
    /// <param name="wanted">A name, a pattern or a UUID.</param>
    public static bool HasWildcard(string wanted) => wanted.AsSpan().ContainsAny('*', '?');
}
