using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Binding;

/// <summary>What a user names a path → paths of the file system.</summary>
internal static class Paths
{
    /// <summary>The folders that fit a pattern; the path itself where there is such a folder, or where it has no wildcards.</summary>
    /// <exception cref="LiveMigrationException">It is no path of the file system.</exception>
    internal static IEnumerable<string> Expand(this PSCmdlet cmdlet, string path)
    {
        var literal = OutputFile.Locate(cmdlet, path);
        return Directory.Exists(literal) || !WildcardPattern.ContainsWildcardCharacters(path) ? [literal]
            : cmdlet.GetResolvedProviderPathFromPSPath(path, out _).Where(Directory.Exists);
    }

    /// <summary>The files that fit a pattern; the path itself where there is such a file, or where it has no wildcards.</summary>
    /// <exception cref="LiveMigrationException">It is no path of the file system.</exception>
    internal static IEnumerable<string> ExpandFiles(this PSCmdlet cmdlet, string path)
    {
        var literal = OutputFile.Locate(cmdlet, path);
        return File.Exists(literal) || !WildcardPattern.ContainsWildcardCharacters(path) ? [literal]
            : cmdlet.GetResolvedProviderPathFromPSPath(path, out _).Where(File.Exists);
    }

    /// <summary>The file to read: the one of that very name, or else the one that fits a pattern.</summary>
    /// <param name="cmdlet">Knows where the user is.</param>
    /// <param name="path">What was typed.</param>
    /// <param name="fault">What it is when no file or several fit.</param>
    /// <exception cref="LiveMigrationException">No file or several fit, or it is no path of the file system.</exception>
    internal static string ToFile(this PSCmdlet cmdlet, string path, Fault fault)
    {
        var literal = OutputFile.Locate(cmdlet, path);
        if (File.Exists(literal) || !WildcardPattern.ContainsWildcardCharacters(path))
            return literal;
        var found = cmdlet.GetResolvedProviderPathFromPSPath(path, out _).Where(File.Exists).ToArray();
        return found.Length == 1 ? found[0] : throw new LiveMigrationException(
            fault, $"'{path}' matches {(found.Length == 0 ? "none" : string.Join(", ", found))}: specify exactly one file.");
    }
}
