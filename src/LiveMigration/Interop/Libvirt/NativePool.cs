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
        NativeCall.Begin(nameof(Native.virStoragePoolLookupByName), connection.Host).Check(Native.virStoragePoolLookupByName(connection.Handle, name)),
        connection);

    internal static NativePool Define(Connection connection, string xml) => new(
        NativeCall.Begin(nameof(Native.virStoragePoolDefineXML), connection.Host).Check(Native.virStoragePoolDefineXML(connection.Handle, xml, 0)),
        connection);

    /// <summary>Makes a pool that is gone when it is stopped; its folder, too, where that is asked for.</summary>
    internal static NativePool CreateTransient(Connection connection, string xml, bool build) => new(
        NativeCall.Begin(nameof(Native.virStoragePoolCreateXML), connection.Host).Check(
            Native.virStoragePoolCreateXML(connection.Handle, xml, build ? 1u : 0)), // VIR_STORAGE_POOL_CREATE_WITH_BUILD
        connection);

    internal unsafe string GetXml() =>
        Call(nameof(Native.virStoragePoolGetXMLDesc)).Check(Native.virStoragePoolGetXMLDesc(_handle, 0));

    internal bool IsActive() => Call(nameof(Native.virStoragePoolIsActive)).Check(Native.virStoragePoolIsActive(_handle)) == 1;

    /// <summary>Looks for volumes that others made: libvirt remembers what it saw last.</summary>
    internal void Refresh() => Call(nameof(Native.virStoragePoolRefresh)).Check(Native.virStoragePoolRefresh(_handle, 0));

    /// <summary>Makes the directory; one that is there is left as it is.</summary>
    internal void Build() => Call(nameof(Native.virStoragePoolBuild)).Check(Native.virStoragePoolBuild(_handle, 0));

    internal void Start() => Call(nameof(Native.virStoragePoolCreate)).Check(Native.virStoragePoolCreate(_handle, 0));

    internal void SetAutostart(bool on) => Call(nameof(Native.virStoragePoolSetAutostart)).Check(Native.virStoragePoolSetAutostart(_handle, on ? 1 : 0));

    /// <summary>Stops it; what is in it stays.</summary>
    internal void Stop() => Call(nameof(Native.virStoragePoolDestroy)).Check(Native.virStoragePoolDestroy(_handle));

    internal void Undefine() => Call(nameof(Native.virStoragePoolUndefine)).Check(Native.virStoragePoolUndefine(_handle));

    /// <summary>The volume of that name; null when there is none.</summary>
    internal NativeVolume? FindVolume(string name)
    {
        try
        {
            var volume = Call(nameof(Native.virStorageVolLookupByName)).Check(Native.virStorageVolLookupByName(_handle, name));
            return new NativeVolume(volume, _connection);
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoStorageVolume)
        {
            return null;
        }
    }

    /// <summary>Makes a volume; where the file is there already, libvirt fails.</summary>
    internal NativeVolume CreateVolume(string xml) => new(
        Call(nameof(Native.virStorageVolCreateXML)).Check(Native.virStorageVolCreateXML(_handle, xml, 0)), _connection);

    /// <summary>Makes a volume with the content of another; libvirt copies it on the host, and takes its time.</summary>
    internal NativeVolume CopyVolume(string xml, NativeVolume from) => new(
        Call(nameof(Native.virStorageVolCreateXMLFrom)).Check(Native.virStorageVolCreateXMLFrom(_handle, xml, from.Handle, 0)), _connection);

    /// <summary>All that was in it when it was last looked at.</summary>
    internal unsafe IReadOnlyList<NativeVolume> Volumes()
    {
        nint* volumes = null;
        var count = Call(nameof(Native.virStoragePoolListAllVolumes)).Check(Native.virStoragePoolListAllVolumes(_handle, &volumes, 0));
        var found = new NativeVolume[count];
        for (var index = 0; index < count; index++)
            found[index] = new NativeVolume(new StorageVolumeHandle(volumes[index]), _connection);
        NativeMemory.Free(volumes);
        return found;
    }

    public void Dispose() => _handle.Dispose();

    private NativeCall Call(string function) => NativeCall.Begin(function, _connection.Host);
}
