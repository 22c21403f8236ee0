using LiveMigration.Units;

namespace LiveMigration.Hypervisors.Qemu;

/// <summary>A drive of a QEMU with a medium in it.</summary>
/// <param name="Name">What it is called: the id of the guest's device, the drive's own name, or the node's.</param>
/// <param name="Node">The node on which it is.</param>
/// <param name="File">The file or device; QEMU's <c>json:</c> of it where it is neither.</param>
/// <param name="Format">The format's driver, for example <c>qcow2</c>.</param>
/// <param name="Size">The size that the guest sees, in bytes; null where QEMU does not say.</param>
/// <param name="ReadOnly">Whether the guest can only read it.</param>
public sealed record QemuDisk(string Name, string? Node, string? File, string? Format, long? Size, bool ReadOnly)
{
    private readonly ItemList<string> _backing = ItemList<string>.Empty;

    private readonly ItemList<(string? Format, long? Size)> _forms = ItemList<(string? Format, long? Size)>.Empty;

    /// <summary>The backing files that it is an overlay of, the nearest first; none for an image of its own.</summary>
    public IReadOnlyList<string> Backing { get => _backing; init => _backing = ItemList<string>.Of(value); }

    /// <summary>The format and the size of each of them; null is what QEMU does not say.</summary>
    internal IReadOnlyList<(string? Format, long? Size)> BackingForms { get => _forms; init => _forms = ItemList<(string? Format, long? Size)>.Of(value); }

    /// <summary>Bytes that the topmost image takes on its disk; null where QEMU does not say.</summary>
    internal long? ActualSize { get; init; }

    /// <summary>Whether it or one of its backing files has its data in a further file.</summary>
    internal bool HasDataFile { get; init; }

    /// <summary>What it is called.</summary>
    public override string ToString() => Name;
}
