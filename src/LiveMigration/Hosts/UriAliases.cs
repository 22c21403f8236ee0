using System.Text.RegularExpressions;

namespace LiveMigration.Hosts;

/// <summary>The <c>uri_aliases</c> of libvirt's own client configuration.</summary>
/// <remarks>https://libvirt.org/uri.html#configuring-uri-aliases</remarks>
public static partial class UriAliases
{
    /// <summary>Reads the aliases that libvirt itself would use for this user: root's are the machine's.</summary>
    /// <returns>URI by alias; empty where there is no configuration.</returns>
    public static IReadOnlyDictionary<string, string> Read() => Read(ConfigurationFile());

    internal static IReadOnlyDictionary<string, string> Read(string file)
    {
        if (!File.Exists(file))
            return new Dictionary<string, string>();
        var configuration = Comment().Replace(File.ReadAllText(file), "");
        var list = List().Match(configuration).Groups[1].Value;
        return Quoted().Matches(list)
            .Select(match => (match.Groups[1].Value + match.Groups[2].Value).Split('=', 2))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private static string ConfigurationFile()
    {
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            return "/etc/libvirt/libvirt.conf";
        var home = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(home, "libvirt", "libvirt.conf");
    }

    [GeneratedRegex("^\\s*#.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    // The closing bracket is not one within quotes: that belongs to an IPv6 address.
    [GeneratedRegex("^\\s*uri_aliases\\s*=\\s*\\[((?:[^\\]\"']|\"[^\"]*\"|'[^']*')*)\\]", RegexOptions.Multiline)]
    private static partial Regex List();

    [GeneratedRegex("\"([^\"]*)\"|'([^']*)'")]
    private static partial Regex Quoted();
}
