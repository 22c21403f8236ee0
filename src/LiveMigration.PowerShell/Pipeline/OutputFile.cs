using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>A file that a cmdlet writes, under a path that a user gave.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Content">What it will hold, for example <c>The plan</c>.</param>
/// <param name="Exists">What it is that there is such a file and it is not to be replaced.</param>
/// <param name="NotWritable">What it is that it cannot be written.</param>
internal sealed record OutputFile(string Path, string Content, Fault Exists, Fault NotWritable)
{
    /// <summary>The file system's path of what was typed. A drive of the environment or the registry holds no files.</summary>
    /// <exception cref="LiveMigrationException">It is no path of a file.</exception>
    internal static string Locate(PSCmdlet cmdlet, string path)
    {
        var located = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        return provider.Name == "FileSystem" ? located
            : throw new LiveMigrationException(CmdletFaults.InvalidArgument, $"'{path}' is a path of the provider {provider.Name}, which has no files.");
    }

    /// <summary>Before work is done that would be in vain: is there a folder, and is no file in the way?</summary>
    /// <param name="noClobber">Whether a file that is there stays.</param>
    /// <exception cref="LiveMigrationException">It could not be written.</exception>
    internal void Check(bool noClobber)
    {
        var folder = System.IO.Path.GetDirectoryName(Path);
        if (Directory.Exists(Path))
            throw new LiveMigrationException(NotWritable, $"{Content} cannot be written: '{Path}' is a folder.");
        if (!Directory.Exists(folder))
            throw new LiveMigrationException(NotWritable, $"{Content} cannot be written: there is no folder '{folder}'.");
        if (noClobber && File.Exists(Path))
            throw InTheWay();
    }

    /// <summary>Writes it.</summary>
    /// <param name="text">What it holds.</param>
    /// <param name="force">Replaces a file that is read-only, too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LiveMigrationException">It cannot be written.</exception>
    internal async Task WriteAsync(string text, bool force, CancellationToken cancellationToken)
    {
        try
        {
            if (force && new FileInfo(Path) is { Exists: true, IsReadOnly: true } locked)
                locked.IsReadOnly = false;
            await File.WriteAllTextAsync(Path, text, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(NotWritable, $"{Content} cannot be written: {error.Message}", innerException: error);
        }
    }

    /// <summary>There is a file that is not to be replaced.</summary>
    internal LiveMigrationException InTheWay() => new(Exists, $"{Content} was not written: '{Path}' already exists.");
}
