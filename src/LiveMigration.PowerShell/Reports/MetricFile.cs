using System.Text;
using LiveMigration.Errors;
using LiveMigration.Metrics;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Reports;

/// <summary>
/// A file for node_exporter's textfile collector, which reads it at any moment: it is replaced as a whole, by a rename in its folder. The file beside it has no name that the
/// collector reads.
/// </summary>
/// <param name="path">Its full path.</param>
/// <param name="force">Whether a file that is somebody else's is replaced, too.</param>
internal sealed class MetricFile(string path, bool force)
{
    private const UnixFileMode ForAllToRead = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>What it holds now; null where there is none, or it is to be replaced whatever it is.</summary>
    /// <exception cref="LiveMigrationException">It is not one that Export-MigrationMetric has made, or its folder is missing.</exception>
    internal string? ReadOwn()
    {
        if (Directory.Exists(path))
            throw Failure($"'{path}' is a folder.");
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw Failure($"there is no folder '{Path.GetDirectoryName(path)}'.");
        if (!File.Exists(path))
            return null;
        try
        {
            var text = File.ReadAllText(path);
            if (text.StartsWith(PrometheusText.FirstLine + "\n", StringComparison.Ordinal))
                return text;
            return force ? null : throw new LiveMigrationException(CmdletFaults.MetricFileExists, $"The metrics were not written: '{path}' exists, and Export-MigrationMetric has not made it.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(error.Message, error);
        }
    }

    /// <summary>Writes it: whoever reads finds the old one or the new one, whole.</summary>
    /// <exception cref="LiveMigrationException">It cannot be written; the old one is as it was.</exception>
    internal async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        var made = $"{path}.{Guid.NewGuid():n}.new";
        try
        {
            try
            {
                await using (var file = new FileStream(made, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                {
                    await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
                    file.Flush(flushToDisk: true);
                }

                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(made, ForAllToRead);
                File.Move(made, path, overwrite: true);
            }
            finally
            {
                File.Delete(made);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(error.Message, error);
        }
    }

    private static LiveMigrationException Failure(string reason, Exception? error = null) =>
        new(CmdletFaults.MetricFileNotWritable, $"The metrics cannot be written: {reason}", innerException: error);
}
