using System.Text;
using LiveMigration.Errors;
using LiveMigration.Metrics;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Reports;

/// <summary>
/// A file for node_exporter's textfile collector, which reads it at any moment: it is replaced as a whole, by a rename in its folder. The file beside it has no name that the
/// collector reads.
/// </summary>
internal sealed class MetricFile
{
    /// <summary>How long a file may take to show its first line: a pipe without a writer never does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What is in these is no regular file, whatever it looks like.</summary>
    private static readonly string[] Devices = ["/dev/", "/proc/", "/sys/"];

    private readonly bool _force;
    private readonly string _path;

    /// <param name="path">Its full path. Of a symbolic link the file that it leads to is replaced, and the link stays.</param>
    /// <param name="force">Whether a file that is somebody else's is replaced, too.</param>
    internal MetricFile(string path, bool force)
    {
        _force = force;
        try
        {
            _path = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(error.Message, error);
        }
    }

    private const UnixFileMode ForAllToRead = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>What it holds now; null where there is none, or it is to be replaced whatever it is.</summary>
    /// <exception cref="LiveMigrationException">It is not one that Export-MigrationMetric has made, or its folder is missing.</exception>
    internal async Task<string?> ReadOwnAsync()
    {
        if (Directory.Exists(_path))
            throw Failure($"'{_path}' is a folder.");
        if (!Directory.Exists(Path.GetDirectoryName(_path)))
            throw Failure($"there is no folder '{Path.GetDirectoryName(_path)}'.");
        if (Devices.Any(folder => _path.StartsWith(folder, StringComparison.Ordinal)) && !_path.StartsWith("/dev/shm/", StringComparison.Ordinal))
            throw Failure($"'{_path}' is not a regular file.");
        if (!File.Exists(_path))
            return null;
        try
        {
            if (await Task.Run(Read).WaitAsync(Patience) is { } text)
                return text;
            return _force ? null : throw new LiveMigrationException(CmdletFaults.MetricFileExists, $"The metrics were not written: '{_path}' exists, and Export-MigrationMetric has not made it.");
        }
        catch (TimeoutException error)
        {
            throw Failure($"'{_path}' does not answer, or is not a regular file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(error.Message, error);
        }
    }

    /// <summary>Writes it: a reader finds the old one or the new one, whole.</summary>
    /// <exception cref="LiveMigrationException">It cannot be written; the old one is as it was.</exception>
    internal async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        var made = $"{_path}.{Guid.NewGuid():n}.new";
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
                File.Move(made, _path, overwrite: true);
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

    /// <summary>All of it where it is ours; of others, which may be a disk image, only as much as our first line has.</summary>
    private string? Read()
    {
        var first = Encoding.UTF8.GetBytes(PrometheusText.FirstLine + "\n");
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var begin = new byte[first.Length];
        if (file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) < begin.Length || !begin.AsSpan().SequenceEqual(first))
            return null;
        using var rest = new StreamReader(file, Encoding.UTF8);
        return PrometheusText.FirstLine + "\n" + rest.ReadToEnd();
    }

    private static LiveMigrationException Failure(string reason, Exception? error = null) =>
        new(CmdletFaults.MetricFileNotWritable, $"The metrics cannot be written: {reason}", innerException: error);
}
