namespace LiveMigration.Migration.Qemu;

/// <summary>QEMU's <c>MigrationStatus</c>.</summary>
internal static class QemuStatus
{
    /// <summary>Whether the guest is being sent.</summary>
    internal static bool IsUnderWay(string? status) => status is "setup" or "wait-unplug" or "active" or "pre-switchover" or "device" or "cancelling"
        || (IsPostCopy(status) && status is not "postcopy-paused");

    /// <summary>Whether the guest may run at the destination already.</summary>
    internal static bool IsPostCopy(string? status) => status?.StartsWith("postcopy-", StringComparison.Ordinal) is true;
}
