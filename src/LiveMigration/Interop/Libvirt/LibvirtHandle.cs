using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>A counted reference to an object of libvirt.</summary>
internal abstract class LibvirtHandle : SafeHandle
{
    private protected LibvirtHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;
}

/// <summary><c>virDomainPtr</c>. Freeing it only lowers a count: the connection lives on while a domain refers to it.</summary>
internal sealed class DomainHandle : LibvirtHandle
{
    public DomainHandle()
    {
    }

    internal DomainHandle(nint domain) => SetHandle(domain);

    protected override bool ReleaseHandle() => Native.virDomainFree(handle) == 0;
}

/// <summary><c>virStoragePoolPtr</c>.</summary>
internal sealed class StoragePoolHandle : LibvirtHandle
{
    public StoragePoolHandle()
    {
    }

    internal StoragePoolHandle(nint pool) => SetHandle(pool);

    protected override bool ReleaseHandle() => Native.virStoragePoolFree(handle) == 0;
}

/// <summary><c>virStorageVolPtr</c>.</summary>
internal sealed class StorageVolumeHandle : LibvirtHandle
{
    public StorageVolumeHandle()
    {
    }

    internal StorageVolumeHandle(nint volume) => SetHandle(volume);

    protected override bool ReleaseHandle() => Native.virStorageVolFree(handle) == 0;
}

/// <summary><c>virSecretPtr</c>.</summary>
internal sealed class SecretHandle : LibvirtHandle
{
    public SecretHandle()
    {
    }

    protected override bool ReleaseHandle() => Native.virSecretFree(handle) == 0;
}

/// <summary><c>virStreamPtr</c>. One that is neither finished nor aborted keeps its callbacks for ever.</summary>
internal sealed class StreamHandle : LibvirtHandle
{
    public StreamHandle()
    {
    }

    protected override bool ReleaseHandle() => Native.virStreamFree(handle) == 0;
}
