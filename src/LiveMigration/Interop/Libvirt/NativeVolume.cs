using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>One storage volume through one connection.</summary>
internal sealed unsafe class NativeVolume(StorageVolumeHandle handle, Connection connection) : IDisposable
{
    internal StorageVolumeHandle Handle => handle;

    /// <summary>The volume that a path leads to, as far as libvirt knows; null where no started pool has one.</summary>
    internal static NativeVolume? FindAt(Connection connection, string path)
    {
        try
        {
            return new NativeVolume(
                NativeCall.Begin(nameof(Native.virStorageVolLookupByPath), connection.Host).Check(new StorageVolumeHandle(Native.virStorageVolLookupByPath(connection.Handle, path))), connection);
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoStorageVolume)
        {
            return null;
        }
    }

    internal string GetXml() => NativeCall.Begin(nameof(Native.virStorageVolGetXMLDesc), connection.Host).Check(Native.virStorageVolGetXMLDesc(handle, 0));

    internal void Delete() => NativeCall.Begin(nameof(Native.virStorageVolDelete), connection.Host).Check(Native.virStorageVolDelete(handle, 0));

    /// <summary>Reads a part of the file as it is on the host, and hands it over piece by piece.</summary>
    internal void Download(ulong offset, ulong length, Action<ReadOnlyMemory<byte>> take)
    {
        using var stream = NativeCall.Begin(nameof(Native.virStreamNew), connection.Host).Check(Native.virStreamNew(connection.Handle, 0));
        NativeCall.Begin(nameof(Native.virStorageVolDownload), connection.Host).Check(Native.virStorageVolDownload(handle, stream, offset, length, 0));
        var finished = false;
        try
        {
            var buffer = new byte[256 * 1024];
            while (Receive(stream, buffer) is > 0 and var count)
                take(buffer.AsMemory(0, count));
            NativeCall.Begin(nameof(Native.virStreamFinish), connection.Host).Check(Native.virStreamFinish(stream));
            finished = true;
        }
        finally
        {
            if (!finished)
                _ = Native.virStreamAbort(stream);
        }
    }

    public void Dispose() => handle.Dispose();

    private int Receive(StreamHandle stream, byte[] buffer)
    {
        fixed (byte* data = buffer)
            return NativeCall.Begin(nameof(Native.virStreamRecv), connection.Host).Check(Native.virStreamRecv(stream, data, (nuint)buffer.Length));
    }
}
