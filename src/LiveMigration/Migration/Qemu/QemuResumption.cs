namespace LiveMigration.Migration.Qemu;

/// <summary>How a migration between two QEMUs that was interrupted is ended.</summary>
public enum QemuResumption
{
    /// <summary>Not by a program: two could run, or what is left of the guest cannot be known.</summary>
    ByHand,

    /// <summary>The source still sends: it is followed to its end, and handed over.</summary>
    Follow,

    /// <summary>The destination has everything: it is started, and the source ended.</summary>
    StartDestination,

    /// <summary>The destination runs the VM: the source is ended.</summary>
    EndSource,

    /// <summary>The VM stays at the source: the destination is ended, and what was made for the migration removed.</summary>
    RollBack,

    /// <summary>The halves of a broken post-copy are joined.</summary>
    RecoverPostCopy,

    /// <summary>There is nothing left to do but to forget it.</summary>
    Forget,
}
