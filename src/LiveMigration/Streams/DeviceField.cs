namespace LiveMigration.Streams;

/// <summary>A field of a device's state.</summary>
/// <param name="Device">The section's name, for example <c>0000:00:02.0/virtio-net</c>.</param>
/// <param name="InstanceId">The section's instance.</param>
/// <param name="Field">The field's path in the section, for example <c>env.segs[1].base</c>.</param>
/// <param name="Type">QEMU's name for its type, for example <c>uint32</c>.</param>
/// <param name="Offset">Where it is, in bytes from the start of the file, or of the decompressed stream where the file is compressed.</param>
/// <param name="Size">Bytes that it takes.</param>
/// <param name="Value">A number, a truth value, or a text of hexadecimal digits.</param>
public sealed record DeviceField(string Device, long InstanceId, string Field, string Type, long Offset, long Size, object Value)
{
    /// <summary>Field and value.</summary>
    public override string ToString() => $"{Field}={Value}";
}
