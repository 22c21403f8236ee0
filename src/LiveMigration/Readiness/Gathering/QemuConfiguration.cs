using System.Text.RegularExpressions;

namespace LiveMigration.Readiness.Gathering;

/// <summary>A host's <c>/etc/libvirt/qemu.conf</c>: no call of libvirt tells what is in it.</summary>
internal static partial class QemuConfiguration
{
    internal const string Path = "/etc/libvirt/qemu.conf";

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
