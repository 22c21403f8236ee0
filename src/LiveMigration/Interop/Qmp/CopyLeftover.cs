namespace LiveMigration.Interop.Qmp;

/// <summary>
/// What a copy of a disk left in a QEMU that lives on: libvirt's daemon ended in the middle, and the one that was started after it does not
/// know of it. libvirt gives such things the same names again, and QEMU refuses that.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">QEMU's name for it.</param>
internal sealed record CopyLeftover(CopyLeftoverKind Kind, string Name)
{
    /// <summary>For example <c>node 'migration-vda-storage'</c>.</summary>
    public override string ToString() => Kind switch
    {
        CopyLeftoverKind.Job => $"block job '{Name}'",
        CopyLeftoverKind.Export => $"export '{Name}'",
        _ => $"node '{Name}'",
    };
}

/// <summary>Kinds of <see cref="CopyLeftover"/>, in the order in which they can be removed: what uses another comes before it.</summary>
internal enum CopyLeftoverKind
{
    Job,
    Export,
    Node,
}
