using LiveMigration.Interop.Posix;

namespace LiveMigration.State;

/// <summary>A file that only grows, by a line for each record, and each is on the disk before its writer goes on. One process at a time appends to it.</summary>
internal sealed class RecordLog : IDisposable
{
    /// <summary>Who only looks whether somebody writes holds the lock for an instant; who writes, until its end. A look at it takes a millisecond.</summary>
    private const int Looks = 1000;

    private readonly object _gate = new();
    private readonly StateStore _store;
    private readonly string _kind;
    private readonly FileStream _lock;
    private readonly FileStream _file;
    private long _next;
    private bool _endsInLine;
    private bool _failed;

    private RecordLog(StateStore store, string kind, FileStream held, FileStream file, LogContent content) =>
        (_store, _kind, _lock, _file, _next, _endsInLine) = (store, kind, held, file, content.Next, content.EndsInLine);

    /// <summary>The file that a writer locks.</summary>
    internal static string LockOf(string path) => path + ".lock";

    /// <summary>Opens a log, new or to go on with; null when another process writes it.</summary>
    internal static RecordLog? TryOpen(StateStore store, string path, string kind, Func<Func<string, StateRecord?>>? old)
    {
        if (Hold(path) is not { } held)
            return null;
        FileStream? file = null;
        try
        {
            // Without a buffer: what could not be written is not written again when the file is closed.
            file = PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            var content = LogContent.Read(file, kind, old?.Invoke());
            file.Seek(0, SeekOrigin.End);
            FolderSync.Flush(Path.GetDirectoryName(path)!);
            return new RecordLog(store, kind, held, file, content);
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether some process writes it now.</summary>
    internal static bool IsHeld(string path)
    {
        if (!File.Exists(LockOf(path)))
            return false;
        using var free = TryHold(path, FileShare.Read);
        return free is null;
    }

    /// <summary>Writes a record, and returns when it is on the disk. After a failure nothing more is written: a part of a record may be there.</summary>
    /// <returns>The record, as a reader of the file finds it.</returns>
    /// <exception cref="IOException">It could not be written, for example because the disk is full.</exception>
    internal StateRecord Append(params (string Name, FieldValue Value)[] fields)
    {
        lock (_gate)
        {
            if (_failed)
                throw new IOException($"{_file.Name} could not be written before.");
            var line = RecordLine.Write(new StateRecord(_kind, _store.Now, _store.Self, new RecordFields(fields)), _next);
            _failed = true;
            // What is there stays, and a record begins a line.
            _file.Write(_endsInLine ? [(byte)'\n', .. line] : line);
            _file.Flush(flushToDisk: true);
            (_next, _endsInLine, _failed) = (_next + 1, false, false);
            return RecordLine.Read(line.AsMemory(..^1)).Record!;
        }
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>Takes the lock of a log, however many look at it; null where somebody keeps it.</summary>
    internal static FileStream? Hold(string path)
    {
        for (var look = 0; look < Looks; look++)
        {
            if (TryHold(path, FileShare.None) is { } held)
                return held;
            Thread.Sleep(1);
        }

        return null;
    }

    /// <summary>Takes the lock of a log; null where somebody has it.</summary>
    internal static FileStream? TryHold(string path, FileShare share)
    {
        try
        {
            return PrivateFiles.Open(LockOf(path), FileMode.OpenOrCreate, share is FileShare.None ? FileAccess.ReadWrite : FileAccess.Read, share);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
