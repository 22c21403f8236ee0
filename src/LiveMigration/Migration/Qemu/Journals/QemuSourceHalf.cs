using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu.Journals;

/// <summary>What the QEMU that a guest leaves says of it.</summary>
internal enum QemuSourceHalf
{
    /// <summary>It does not answer, which proves nothing.</summary>
    Silent,

    /// <summary>Its process has ended for certain.</summary>
    Ended,

    /// <summary>It runs the guest, and sends nothing.</summary>
    Runs,

    /// <summary>The guest is paused for a reason of its own, and nothing is sent.</summary>
    Paused,

    /// <summary>It sends the guest.</summary>
    Sends,

    /// <summary>It waits at <c>pre-switchover</c> until it is told to go on.</summary>
    Waits,

    /// <summary>It has sent all, and holds the guest as it was then.</summary>
    Sent,

    /// <summary>The guest is stopped for a migration that failed or was cancelled.</summary>
    Stopped,

    /// <summary>It sends what the guest at the destination lacks.</summary>
    PostCopy,

    /// <summary>It did, and has lost the destination.</summary>
    PostCopyPaused,
}

/// <summary>QEMU's words → halves.</summary>
internal static class QemuHalves
{
    internal static QemuSourceHalf Source(VmStatus status, string? migration) => (status.Status, migration) switch
    {
        (_, "postcopy-paused") => QemuSourceHalf.PostCopyPaused,
        _ when QemuStatus.IsPostCopy(migration) => QemuSourceHalf.PostCopy,
        (_, "pre-switchover") => QemuSourceHalf.Waits,
        _ when QemuStatus.IsUnderWay(migration) => QemuSourceHalf.Sends,
        _ when status.Running => QemuSourceHalf.Runs,
        ("postmigrate" or "finish-migrate", "completed") => QemuSourceHalf.Sent,
        ("postmigrate" or "finish-migrate", _) => QemuSourceHalf.Stopped,
        _ => QemuSourceHalf.Paused,
    };

    internal static QemuDestinationHalf Destination(VmStatus status, string? migration) => (status.Status, migration) switch
    {
        (_, "postcopy-paused") => QemuDestinationHalf.PostCopyPaused,
        _ when QemuStatus.IsPostCopy(migration) => QemuDestinationHalf.PostCopy,
        // One that runs and has received nothing was started again: it is not the guest that was sent.
        _ when status.Running => migration is "completed" ? QemuDestinationHalf.Runs : QemuDestinationHalf.Other,
        ("inmigrate", null or "none" or "setup") => QemuDestinationHalf.Waits,
        ("inmigrate", "failed" or "cancelled") => QemuDestinationHalf.Failed,
        ("inmigrate", _) => QemuDestinationHalf.Receives,
        ("paused" or "prelaunch", "completed") => QemuDestinationHalf.Has,
        _ => QemuDestinationHalf.Other,
    };
}
