using System.Management.Automation;

namespace LiveMigration.PowerShell.Binding;

/// <summary>What a user names a path → paths of the file system.</summary>
internal static class Paths
{
    /// <summary>The folders that fit a pattern; without wildcards the path itself, whether it is there or not.</summary>
    internal static IEnumerable<string> Expand(this PSCmdlet cmdlet, string path) => WildcardPattern.ContainsWildcardCharacters(path)
        ? cmdlet.GetResolvedProviderPathFromPSPath(path, out _).Where(Directory.Exists)
        : [cmdlet.GetUnresolvedProviderPathFromPSPath(path)];
}
