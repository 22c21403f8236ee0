using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The definition of a secret through one connection.</summary>
internal sealed class NativeSecret : IDisposable
{
    private readonly SecretHandle _handle;
    private readonly string _host;

    private NativeSecret(SecretHandle handle, string host) => (_handle, _host) = (handle, host);

    /// <summary>The secret of that UUID; null when there is none.</summary>
    /// <exception cref="LibvirtException">The host does not tell; one without secrets says <c>NoSupport</c>.</exception>
    internal static NativeSecret? Find(Connection connection, Guid uuid)
    {
        try
        {
            return new(
                NativeCall.Begin(nameof(Native.virSecretLookupByUUIDString), connection.Host).Check(Native.virSecretLookupByUUIDString(connection.Handle, uuid.ToString())),
                connection.Host);
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoSecret)
        {
            return null;
        }
    }

    /// <summary>Defines a secret, in the place of one of the same UUID.</summary>
    internal static NativeSecret Define(Connection connection, string xml) => new(
        NativeCall.Begin(nameof(Native.virSecretDefineXML), connection.Host).Check(Native.virSecretDefineXML(connection.Handle, xml, 0)),
        connection.Host);

    internal unsafe string GetXml() => NativeCall.Begin(nameof(Native.virSecretGetXMLDesc), _host).Check(Native.virSecretGetXMLDesc(_handle, 0));

    internal void Undefine() => NativeCall.Begin(nameof(Native.virSecretUndefine), _host).Check(Native.virSecretUndefine(_handle));

    public void Dispose() => _handle.Dispose();
}
