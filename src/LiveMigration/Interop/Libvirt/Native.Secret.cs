using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>Secrets: their definitions, never their values.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virConnectListAllSecrets(ConnectHandle connection, nint** secrets, uint flags);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SecretHandle virSecretLookupByUUIDString(ConnectHandle connection, string uuid);

    [LibraryImport(LibvirtLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SecretHandle virSecretDefineXML(ConnectHandle connection, string xml, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virSecretGetXMLDesc(SecretHandle secret, uint flags);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virSecretUndefine(SecretHandle secret);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virSecretGetUUIDString(nint secret, byte* text);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial byte* virSecretGetUsageID(nint secret);

    [LibraryImport(LibvirtLibrary.Name)]
    internal static partial int virSecretFree(nint secret);
}
