namespace LiveMigration.Readiness.Grammar;

/// <summary>What becomes of a part of a definition when its VM moves.</summary>
internal enum GrammarVerdict
{
    /// <summary>It refers to something of a host, which a check looks up on the destination.</summary>
    LookedUp,

    /// <summary>It is part of the machine or of its settings, and needs nothing of a host.</summary>
    Carried,

    /// <summary>It is the source's alone, or the destination makes it again.</summary>
    Harmless,

    /// <summary>It may need something of the destination, and no check looks.</summary>
    NotLookedAt,
}
