using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The secrets that a host knows; never their values.</summary>
internal static unsafe class HostSecrets
{
    private const int UuidText = 37;

    internal static List<SecretName> Read(Connection connection) => ObjectListing.Read(
        connection,
        nameof(Native.virConnectListAllSecrets),
        Native.virConnectListAllSecrets,
        0,
        secret => Uuid(secret) is { } uuid ? new SecretName(uuid, Native.PeekString(Native.virSecretGetUsageID(secret)) ?? "") : null,
        Native.virSecretFree);

    private static string? Uuid(nint secret)
    {
        var text = stackalloc byte[UuidText];
        return Native.virSecretGetUUIDString(secret, text) == 0 ? Marshal.PtrToStringUTF8((nint)text) : null;
    }
}

/// <summary>What a secret is called by: its UUID, and the volume, name or server that it is for.</summary>
internal sealed record SecretName(string Uuid, string Usage);
