namespace LiveMigration.Interop.Libvirt;

/// <summary>One storage volume through one connection.</summary>
internal sealed unsafe class NativeVolume(StorageVolumeHandle handle, Connection connection) : IDisposable
{
    internal StorageVolumeHandle Handle => handle;

    internal string GetXml() => LibvirtError.Check(Native.virStorageVolGetXMLDesc(handle, 0), nameof(Native.virStorageVolGetXMLDesc), connection.Host);

    internal void Delete() => LibvirtError.Check(Native.virStorageVolDelete(handle, 0), nameof(Native.virStorageVolDelete), connection.Host);

    /// <summary>Reads a part of the file as it is on the host, and hands it over piece by piece.</summary>
    internal void Download(ulong offset, ulong length, Action<ReadOnlyMemory<byte>> take)
    {
        using var stream = LibvirtError.Check(Native.virStreamNew(connection.Handle, 0), nameof(Native.virStreamNew), connection.Host);
        LibvirtError.Check(Native.virStorageVolDownload(handle, stream, offset, length, 0), nameof(Native.virStorageVolDownload), connection.Host);
        var finished = false;
        try
        {
            var buffer = new byte[256 * 1024];
            while (Receive(stream, buffer) is > 0 and var count)
                take(buffer.AsMemory(0, count));
            LibvirtError.Check(Native.virStreamFinish(stream), nameof(Native.virStreamFinish), connection.Host);
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
            return LibvirtError.Check(Native.virStreamRecv(stream, data, (nuint)buffer.Length), nameof(Native.virStreamRecv), connection.Host);
    }
}
