using LiveMigration.Interop.Posix;

namespace LiveMigration.State;

/// <summary>Logs of one kind, by their ids.</summary>
internal sealed class LogFolder(StateStore store, string path, string kind, Func<Func<string, StateRecord?>>? old)
{
    private const string Extension = ".journal";

    /// <summary>The ids of all, in the order of their letters.</summary>
    internal IReadOnlyList<string> Ids => !Directory.Exists(path) ? []
        : [.. Directory.EnumerateFiles(path, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>The file of a log.</summary>
    internal string FileOf(string id) => Beside(id, Extension);

    /// <summary>A file that belongs to a log.</summary>
    internal string Beside(string id, string extension) => Path.Combine(path, id + extension);

    /// <summary>Opens a log to append to it, a new one or one that is there; null when another process does.</summary>
    /// <exception cref="ArgumentException">The id is no name of a file.</exception>
    internal RecordLog? TryOpen(string id)
    {
        if (!IsId(id))
            throw new ArgumentException($"'{id}' cannot be the id of a log.", nameof(id));
        store.Make(path);
        return RecordLog.TryOpen(store, FileOf(id), kind, old);
    }

    /// <summary>Whether some process appends to it now. The system knows, whatever way that process ends.</summary>
    internal bool IsHeld(string id) => IsId(id) && RecordLog.IsHeld(FileOf(id));

    /// <summary>What is in a log, whether or not a process appends to it.</summary>
    /// <exception cref="FileNotFoundException">There is none; or a <see cref="DirectoryNotFoundException"/>.</exception>
    internal LogContent Read(string id) => IsId(id) ? LogContent.Read(FileOf(id), kind, old?.Invoke()) : throw new FileNotFoundException($"'{id}' is not the id of a log.");

    /// <summary>Removes a log that no process appends to.</summary>
    /// <returns>Whether it is gone.</returns>
    internal bool Remove(string id)
    {
        if (!IsId(id) || !File.Exists(FileOf(id)))
            return false;
        using var held = RecordLog.Hold(FileOf(id));
        if (held is null)
            return false;
        foreach (var file in new[] { FileOf(id), RecordLog.LockOf(FileOf(id)) })
            File.Delete(file);
        FolderSync.Flush(path);
        return true;
    }

    /// <summary>Whether it stays in the folder.</summary>
    private static bool IsId(string id) => id.Length > 0 && Path.GetFileName(id) == id;
}
