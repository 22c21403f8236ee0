namespace LiveMigration.Evacuation.Running;

/// <summary>What a domain does that a process left which is no more.</summary>
internal enum LocationState
{
    /// <summary>It is on the source, and nothing is under way.</summary>
    AtSource,

    /// <summary>Its migration goes on by itself.</summary>
    OnItsWay,

    /// <summary>It is at a destination.</summary>
    Arrived,

    /// <summary>No host runs it.</summary>
    Nowhere,

    /// <summary>Two hosts run it.</summary>
    Twice,

    /// <summary>A host that has to be asked does not answer, or a post-copy broke.</summary>
    Unclear,
}
