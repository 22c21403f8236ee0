using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace LiveMigration.Interop.Libvirt;

/// <summary>Answers libvirt's questions for a user name and a password; it never asks a person.</summary>
internal static unsafe class Credential
{
    private const int Username = 1;
    private const int AuthName = 2;
    private const int Passphrase = 5;
    private const int NoEchoPrompt = 7;
    private const int Realm = 8;

    /// <summary>Opens a connection with the answers at hand.</summary>
    internal static ConnectHandle Open(string uri, NetworkCredential? credential, uint flags)
    {
        ReadOnlySpan<int> types = [Username, AuthName, Passphrase, NoEchoPrompt, Realm];
        var data = credential is null ? default : GCHandle.Alloc(credential);
        try
        {
            fixed (int* answered = types)
            {
                var auth = new VirConnectAuth
                {
                    CredentialTypes = answered,
                    CredentialTypeCount = (uint)types.Length,
                    Callback = &Answer,
                    Data = credential is null ? 0 : GCHandle.ToIntPtr(data),
                };
                return Native.virConnectOpenAuth(uri, &auth, flags);
            }
        }
        finally
        {
            if (data.IsAllocated)
                data.Free();
        }
    }

    [UnmanagedCallersOnly]
    private static int Answer(VirConnectCredential* questions, uint count, nint data)
    {
        if (data == 0 || GCHandle.FromIntPtr(data).Target is not NetworkCredential credential)
            return -1;
        for (var index = 0; index < count; index++)
        {
            var answer = questions[index].Type switch
            {
                Username or AuthName => credential.UserName,
                Realm => credential.Domain,
                _ => credential.Password,
            };
            // libvirt frees the answer with the C library's free.
            var length = Encoding.UTF8.GetByteCount(answer);
            var copy = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
            Encoding.UTF8.GetBytes(answer, new Span<byte>(copy, length));
            questions[index].Result = copy;
            questions[index].ResultLength = (uint)length;
        }

        return 0;
    }
}
