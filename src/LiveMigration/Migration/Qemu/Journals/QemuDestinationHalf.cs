namespace LiveMigration.Migration.Qemu.Journals;

/// <summary>What the QEMU that a guest goes to says of it.</summary>
internal enum QemuDestinationHalf
{
    /// <summary>It does not answer, which proves nothing.</summary>
    Silent,

    /// <summary>Its process has ended for certain.</summary>
    Ended,

    /// <summary>It has received nothing.</summary>
    Waits,

    /// <summary>It receives, or reads what it has received.</summary>
    Receives,

    /// <summary>It could not: the guest has never run there.</summary>
    Failed,

    /// <summary>It has all of the guest, which does not run.</summary>
    Has,

    /// <summary>It runs the guest, and lacks nothing.</summary>
    Runs,

    /// <summary>It fetches what the guest lacks.</summary>
    PostCopy,

    /// <summary>It did, and has lost the source.</summary>
    PostCopyPaused,

    /// <summary>It is something else: stopped by an error of the guest's, migrated on, ….</summary>
    Other,
}
