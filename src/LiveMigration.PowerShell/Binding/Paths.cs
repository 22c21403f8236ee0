using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Binding;

/// <summary>What a user names a path → paths of the file system.</summary>
internal static class Paths
{
    /// <summary>The folders that fit a pattern; without wildcards the path itself, whether it is there or not.</summary>
    internal static IEnumerable<string> Expand(this PSCmdlet cmdlet, string path) => WildcardPattern.ContainsWildcardCharacters(path)
        ? cmdlet.GetResolvedProviderPathFromPSPath(path, out _).Where(Directory.Exists)
        : [cmdlet.GetUnresolvedProviderPathFromPSPath(path)];

    /// <summary>The file to read: the one of that very name, or else the one that fits a pattern.</summary>
    /// <exception cref="LiveMigrationException">No file or several fit, or it is no path of the file system.</exception>
    internal static string ToFile(this PSCmdlet cmdlet, string path)
    {
        var literal = OutputFile.Locate(cmdlet, path);
        if (File.Exists(literal) || !WildcardPattern.ContainsWildcardCharacters(path))
            return literal;
        var found = cmdlet.GetResolvedProviderPathFromPSPath(path, out _).Where(File.Exists).ToArray();
        return found.Length == 1 ? found[0] : throw new LiveMigrationException(
            CmdletFaults.InvalidArgument, $"One file is read, and '{path}' matches {(found.Length == 0 ? "none" : string.Join(", ", found))}.");
    }
}
