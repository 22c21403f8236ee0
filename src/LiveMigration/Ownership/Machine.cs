using System.Security.Cryptography;
using System.Text;

namespace LiveMigration.Ownership;

/// <summary>
/// Where processes can be told apart by their numbers: a machine, or a container on it. A home folder may be shared by several, and of a
/// process of another nobody here knows whether it lives: what it left is not ours.
/// </summary>
internal static class Machine
{
    /// <summary>The same for all processes that see each other, also after a restart.</summary>
    internal static string Id { get; } = Convert.ToHexString(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Text("/etc/machine-id") ?? Environment.MachineName} {Link("/proc/self/ns/pid")}")))[..16].ToLowerInvariant();

    /// <summary>This start of the machine, as a number.</summary>
    internal static long Start { get; } = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(Text("/proc/sys/kernel/random/boot_id") ?? "")));

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Link(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
