using LiveMigration.Hypervisors.Qemu;

namespace LiveMigration.Migration.Qemu;

/// <summary>Whether a disk is the same for two QEMUs.</summary>
internal static class QemuDiskEvidence
{
    /// <summary>Proven only where both are processes of this machine that have the same file or device open by the same name.</summary>
    internal static bool IsShared(QemuProcess source, QemuDisk disk, QemuProcess destination, QemuDisk other) =>
        IsSameFile(source, disk.File, destination, other.File);

    internal static bool IsSameFile(QemuProcess source, string? file, QemuProcess destination, string? other) =>
        source.Process is { Mounts: { } mounts } here && destination.Process is { } there && there.Mounts == mounts
        && file is not null && other == file && here.HasOpen(file) && there.HasOpen(file);
}
