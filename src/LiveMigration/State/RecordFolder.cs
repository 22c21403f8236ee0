using LiveMigration.Interop.Posix;
using LiveMigration.Tracing;

namespace LiveMigration.State;

/// <summary>
/// Records of this machine's processes, each in a file of its own: written before something is changed on a host, and removed after that is
/// undone, or has become the user's own.
/// </summary>
internal sealed class RecordFolder(StateStore store, string path, string kind)
{
    private const string Extension = ".json";

    /// <summary>Writes a record in the place of the one of that key. Whole or not at all, whenever the power goes.</summary>
    internal StateRecord Write(Guid key, params (string Name, FieldValue Value)[] fields)
    {
        var record = new StateRecord(kind, store.Now, store.Self, new RecordFields(fields)) { Key = key };
        store.Make(path);
        var file = FileOf(key);
        var made = $"{file}.{Guid.NewGuid():n}.new";
        using (var stream = PrivateFiles.Open(made, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            stream.Write(RecordLine.Write(record, number: null));
            stream.Flush(flushToDisk: true);
        }

        File.Move(made, file, overwrite: true);
        File.Delete(OldEntries.FileOf(path, key));
        FolderSync.Flush(path);
        return record;
    }

    internal void Remove(Guid key)
    {
        string[] files = [.. new[] { FileOf(key), OldEntries.FileOf(path, key) }.Where(File.Exists)];
        foreach (var file in files)
            File.Delete(file);
        // A record that came back would make something ours that is the user's by now.
        if (files.Length > 0)
            FolderSync.Flush(path);
    }

    /// <summary>All that can be read. What cannot is left where it is, and said to who watches.</summary>
    internal IReadOnlyList<StateRecord> Read()
    {
        if (!Directory.Exists(path))
            return [];
        StateRecord[] records = [.. Directory.EnumerateFiles(path, "*" + Extension).Select(ReadFile).OfType<StateRecord>()];
        // What an earlier version wrote counts until it is written again.
        return [.. records, .. OldEntries.Read(store, path).Where(old => !Array.Exists(records, record => record.Key == old.Key))];
    }

    private StateRecord? ReadFile(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            var line = bytes is [.., (byte)'\n'] ? RecordLine.Read(bytes.AsMemory(..^1)) : new RecordLine(null, null, "ends in the middle of a record");
            var problem = line.Problem
                ?? (line.Record!.Kind != kind ? $"is of the kind '{line.Record.Kind}'"
                    : Path.GetFileNameWithoutExtension(file) != $"{line.Record.Key}" ? $"has the key {line.Record.Key}, which is not the file's name"
                    : null);
            if (problem is null)
                return line.Record;
            Tracer.Say($"{file} is left out: it {problem}.");
        }
        catch (FileNotFoundException)
        {
            // Another client has just removed it.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Tracer.Say($"{file} is left out: {error.Message}");
        }

        return null;
    }

    private string FileOf(Guid key) => Path.Combine(path, key + Extension);
}
