using System.Text.RegularExpressions;

namespace LiveMigration.Readiness.Gathering;

/// <summary>A host's <c>/etc/libvirt/qemu.conf</c>: no call of libvirt tells what is in it.</summary>
internal static partial class QemuConfiguration
{
    internal const string Path = "/etc/libvirt/qemu.conf";

    /// <summary>The settings that checks look at. The file has passwords, too: nothing else of it is read from another host.</summary>
    internal static readonly IReadOnlyList<string> Keys =
    [
        "default_tls_x509_cert_dir", "default_tls_x509_verify", "lock_manager", "migrate_tls_force", "migrate_tls_priority",
        "migrate_tls_x509_cert_dir", "migrate_tls_x509_verify", "migration_host",
    ];

    internal static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var result = new Dictionary<string, string>();
        foreach (Match setting in Setting().Matches(text).Where(setting => Keys.Contains(setting.Groups[1].Value)))
            result[setting.Groups[1].Value] = setting.Groups[2].Value.Trim().Trim('"');
        return result;
    }

    [GeneratedRegex(@"^[ \t]*(\w+)[ \t]*=[ \t]*([^#\r\n]*)", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
