using System.Text.RegularExpressions;
using LiveMigration.Hosts;

namespace LiveMigration.Readiness.Gathering;

/// <summary>A host's <c>/etc/libvirt/qemu.conf</c>: no call of libvirt tells what is in it.</summary>
internal static partial class QemuConfiguration
{
    private const string Path = "/etc/libvirt/qemu.conf";

    /// <summary>What is set there, when it is this machine's own.</summary>
    internal static Fact<IReadOnlyDictionary<string, string>> Of(LibvirtHost host)
    {
        if (!host.Uri.IsLocal || host.Uri.IsInProcess || !OperatingSystem.IsLinux())
            return Fact<IReadOnlyDictionary<string, string>>.Untold($"libvirt does not tell what is in {Path} on {host.Name}.");
        try
        {
            return Fact<IReadOnlyDictionary<string, string>>.Had(Parse(File.Exists(Path) ? File.ReadAllText(Path) : ""));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fact<IReadOnlyDictionary<string, string>>.Untold(error.Message);
        }
    }

    internal static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var result = new Dictionary<string, string>();
        foreach (Match setting in Setting().Matches(text))
            result[setting.Groups[1].Value] = setting.Groups[2].Value.Trim().Trim('"');
        return result;
    }

    [GeneratedRegex(@"^[ \t]*(\w+)[ \t]*=[ \t]*([^#\r\n]*)", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
