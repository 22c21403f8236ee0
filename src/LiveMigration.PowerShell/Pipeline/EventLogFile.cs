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
    private readonly Task _writing;
    private long _dropped;
    private bool _warned;

    /// <param name="path">The full path.</param>
    /// <param name="warn">Is told, once, that it cannot be written any more.</param>
    internal EventLogFile(string path, Action<string> warn) => (_path, _warn, _writing) = (path, warn, Task.Run(WriteAllAsync));

    /// <summary>Makes it where it is missing, and sees that it can be written.</summary>
    /// <exception cref="LiveMigrationException">It cannot: nothing should be started.</exception>
    internal async Task OpenAsync()
    {
        try
        {
            await AppendAsync(_path, []).WaitAsync(Patience);
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
            await _writing.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Warn($"The last events are missing from '{_path}': it does not answer.");
        }
    }

    private async Task WriteAllAsync()
    {
        await foreach (var what in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var count)
                    await AppendAsync(_path, EventJson.Dropped(what.Time, count));
                await AppendAsync(_path, EventJson.Line(what));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Warn($"Events are missing from '{_path}': {error.Message} The migration continues.");
            }
        }
    }

    private void Warn(string text)
    {
        if (!_warned)
            _warn(text);
        _warned = true;
    }

    private static async Task AppendAsync(string path, byte[] line)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); ; await Task.Delay(5))
        {
            try
            {
                await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
                await file.WriteAsync(line);
                return;
            }
            catch (IOException error) when (error.GetType() == typeof(IOException) && File.Exists(path) && !Directory.Exists(path) && TimeProvider.System.GetElapsedTime(begun) < Turn)
            {
                // Another process writes its line.
            }
        }
    }
}
