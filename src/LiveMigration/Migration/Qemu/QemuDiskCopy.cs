using LiveMigration.Hypervisors.Qemu;

namespace LiveMigration.Migration.Qemu;

/// <summary>A disk that is copied along, over what the destination has in its place.</summary>
/// <param name="Source">The disk at the source.</param>
/// <param name="Destination">The same at the destination.</param>
/// <param name="Number">Which of the copies it is.</param>
public sealed record QemuDiskCopy(QemuDisk Source, QemuDisk Destination, int Number)
{
    /// <summary>Whether only what is above its backing file is copied, as the destination is proven to have the same backing file.</summary>
    public bool IsAboveBase { get; init; }

    /// <summary>The disk's name.</summary>
    public string Name => Source.Name;

    /// <summary>What its export, its node at the source and its job are called: QEMU takes 31 characters.</summary>
    internal string Id => $"livemigration-disk{Number}";

    /// <summary>For example <c>disk0 → /var/lib/vms/web1.qcow2</c>.</summary>
    public override string ToString() => $"{Name} → {Destination.File}{(IsAboveBase ? $" (above {Destination.Backing[0]})" : "")}";
}
