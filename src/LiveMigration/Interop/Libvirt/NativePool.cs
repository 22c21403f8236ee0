using System.Runtime.InteropServices;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>One storage pool through one connection. Its calls block; those who call it decide where.</summary>
internal sealed class NativePool : IDisposable
{
    private readonly StoragePoolHandle _handle;
    private readonly Connection _connection;

    private NativePool(StoragePoolHandle handle, Connection connection)
    {
        _handle = handle;
        _connection = connection;
    }

    internal static NativePool Lookup(Connection connection, string name) => new(
        LibvirtError.Check(Native.virStoragePoolLookupByName(connection.Handle, name), nameof(Native.virStoragePoolLookupByName), connection.Host),
        connection);

    internal static NativePool Define(Connection connection, string xml) => new(
        LibvirtError.Check(Native.virStoragePoolDefineXML(connection.Handle, xml, 0), nameof(Native.virStoragePoolDefineXML), connection.Host),
        connection);

    internal unsafe string GetXml() =>
        LibvirtError.Check(Native.virStoragePoolGetXMLDesc(_handle, 0), nameof(Native.virStoragePoolGetXMLDesc), _connection.Host);

    internal bool IsActive() => Check(Native.virStoragePoolIsActive(_handle), nameof(Native.virStoragePoolIsActive)) == 1;

    /// <summary>Looks for volumes that others made: libvirt remembers what it saw last.</summary>
    internal void Refresh() => Check(Native.virStoragePoolRefresh(_handle, 0), nameof(Native.virStoragePoolRefresh));

    /// <summary>Makes the directory; one that is there is left as it is.</summary>
    internal void Build() => Check(Native.virStoragePoolBuild(_handle, 0), nameof(Native.virStoragePoolBuild));

    internal void Start() => Check(Native.virStoragePoolCreate(_handle, 0), nameof(Native.virStoragePoolCreate));

    internal void SetAutostart(bool on) => Check(Native.virStoragePoolSetAutostart(_handle, on ? 1 : 0), nameof(Native.virStoragePoolSetAutostart));

    /// <summary>Stops it; what is in it stays.</summary>
    internal void Stop() => Check(Native.virStoragePoolDestroy(_handle), nameof(Native.virStoragePoolDestroy));

    internal void Undefine() => Check(Native.virStoragePoolUndefine(_handle), nameof(Native.virStoragePoolUndefine));

    /// <summary>The volume of that name; null when there is none.</summary>
    internal NativeVolume? FindVolume(string name)
    {
        try
        {
            var volume = LibvirtError.Check(Native.virStorageVolLookupByName(_handle, name), nameof(Native.virStorageVolLookupByName), _connection.Host);
            return new NativeVolume(volume, _connection);
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoStorageVolume)
        {
            return null;
        }
    }

    /// <summary>Makes a volume; where the file is there already, libvirt fails.</summary>
    internal NativeVolume CreateVolume(string xml) => new(
        LibvirtError.Check(Native.virStorageVolCreateXML(_handle, xml, 0), nameof(Native.virStorageVolCreateXML), _connection.Host), _connection);

    /// <summary>Makes a volume with the content of another; libvirt copies it on the host, and takes its time.</summary>
    internal NativeVolume CopyVolume(string xml, NativeVolume from) => new(
        LibvirtError.Check(Native.virStorageVolCreateXMLFrom(_handle, xml, from.Handle, 0), nameof(Native.virStorageVolCreateXMLFrom), _connection.Host), _connection);

    /// <summary>All that was in it when it was last looked at.</summary>
    internal unsafe IReadOnlyList<NativeVolume> Volumes()
    {
        nint* volumes = null;
        var count = LibvirtError.Check(Native.virStoragePoolListAllVolumes(_handle, &volumes, 0), nameof(Native.virStoragePoolListAllVolumes), _connection.Host);
        var found = new NativeVolume[count];
        for (var index = 0; index < count; index++)
            found[index] = new NativeVolume(new StorageVolumeHandle(volumes[index]), _connection);
        NativeMemory.Free(volumes);
        return found;
    }

    public void Dispose() => _handle.Dispose();

    private int Check(int result, string function) => LibvirtError.Check(result, function, _connection.Host);
}
