using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Migration.Events;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Reports;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>
/// A file that each event is appended to, by a task of its own: a disk that does not answer holds up no migration. The file is opened for each
/// line, so that it may be rotated meanwhile, and several processes may append to it.
/// </summary>
internal sealed class EventLogFile
{
    /// <summary>More wait for no disk that still works.</summary>
    private const int Room = 4096;

    /// <summary>How long what waits at the end may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long another process may have the file, which it has for one line.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    private readonly Channel<MigrationEvent> _waiting = Channel.CreateBounded<MigrationEvent>(new BoundedChannelOptions(Room) { SingleReader = true });
    private readonly string _path;
    private readonly Action<string> _warn;
    private readonly TimeSpan _patience;
    private readonly Task _writing;
    private long _dropped;
    private bool _warned;

    /// <param name="path">The full path.</param>
    /// <param name="warn">Is told, once, that it cannot be written any more.</param>
    /// <param name="patience">How long to wait for a disk; null for 10 s.</param>
    internal EventLogFile(string path, Action<string> warn, TimeSpan? patience = null)
    {
        (_path, _warn, _patience) = (path, warn, patience ?? Patience);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Makes it where it is missing, and sees that it can be written.</summary>
    /// <exception cref="LiveMigrationException">It cannot: nothing should be started.</exception>
    internal async Task OpenAsync()
    {
        try
        {
            // Opening alone may wait: for the reader of a pipe, for a file server.
            await Task.Run(() => AppendAsync(_path, [])).WaitAsync(_patience);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new LiveMigrationException(
                CmdletFaults.EventLogNotWritable, $"The event log cannot be written, and nothing was started: {(error is TimeoutException ? $"'{_path}' does not answer." : error.Message)}", innerException: error);
        }
    }

    /// <summary>Takes an event. It never waits: what has no room any more is counted, and the count is written.</summary>
    internal void Add(MigrationEvent what)
    {
        if (!_waiting.Writer.TryWrite(what))
            Interlocked.Increment(ref _dropped);
    }

    /// <summary>Writes what waits, in a limited time.</summary>
    internal async Task FinishAsync()
    {
        _waiting.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            Warn($"The last events are missing from '{_path}': it does not answer.");
        }
    }

    private async Task WriteAllAsync()
    {
        await foreach (var what in _waiting.Reader.ReadAllAsync())
            await WriteAsync(what);
        if (Interlocked.Read(ref _dropped) > 0)
            await WriteAsync(null);
    }

    /// <summary>Writes how many are missing, and an event. What cannot be written is missing, too.</summary>
    private async Task WriteAsync(MigrationEvent? what)
    {
        var missing = Interlocked.Exchange(ref _dropped, 0);
        try
        {
            if (missing > 0)
                await AppendAsync(_path, EventJson.Dropped(what?.Time ?? DateTimeOffset.Now, missing));
            missing = 0;
            if (what is not null)
                await AppendAsync(_path, EventJson.Line(what));
        }
#pragma warning disable CA1031 // Whatever it is, the next event is tried.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Interlocked.Add(ref _dropped, missing + (what is null ? 0 : 1));
            Warn($"Events are missing from '{_path}': {error.Message} The migration continues.");
        }
    }

    private void Warn(string text)
    {
        if (_warned)
            return;
        _warned = true;
        try
        {
            _warn(text);
        }
#pragma warning disable CA1031 // Nobody is left to be warned.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private static async Task AppendAsync(string path, byte[] line)
    {
        await using var file = await OpenAsync(path);
        var end = file.CanSeek ? file.Length : 0;
        try
        {
            await file.WriteAsync(line);
        }
        catch (IOException) when (file.CanSeek)
        {
            Cut(file, end);
            throw;
        }
    }

    /// <summary>Opens it alone: it is not opened to append by the system, and two would write to the same place.</summary>
    private static async Task<FileStream> OpenAsync(string path)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); ; await Task.Delay(5))
        {
            try
            {
                return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            }
            catch (IOException error) when (error.GetType() == typeof(IOException) && File.Exists(path) && !Directory.Exists(path) && TimeProvider.System.GetElapsedTime(begun) < Turn)
            {
                // Another process writes its line.
            }
        }
    }

    /// <summary>Takes a part of a line away: what follows begins a line.</summary>
    private static void Cut(FileStream file, long end)
    {
        try
        {
            file.SetLength(end);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // It is a device, or append-only.
        }
    }
}
