using LiveMigration.Interop.Posix;

namespace LiveMigration.Ownership;

/// <summary>
/// One small file per thing that this machine's processes change on a host; written before the change and removed after it is undone, or has become
/// the user's own.
/// </summary>
/// <param name="kind">What is changed, and the folder's name.</param>
internal sealed class JournalFolder(string kind)
{
    private string Folder => Path.Combine(StateFolder.Of(kind), Machine.Id);

    internal void Write(Guid key, string line)
    {
        DurableFolder.Make(Folder);
        var file = FileOf(key);
        // Whole or not at all, whenever the power goes.
        var made = $"{file}.{Guid.NewGuid():n}.new";
        using (var stream = new FileStream(made, FileMode.CreateNew, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(line));
            stream.Flush(flushToDisk: true);
        }

        File.Move(made, file, overwrite: true);
        FolderSync.Flush(Folder);
    }

    internal void Remove(Guid key)
    {
        if (!File.Exists(FileOf(key)))
            return;
        File.Delete(FileOf(key));
        // An entry that came back would make something ours that is the user's by now.
        FolderSync.Flush(Folder);
    }

    internal IEnumerable<string> Lines() => !Directory.Exists(Folder) ? [] : Directory.EnumerateFiles(Folder, "*.entry").Select(Read).OfType<string>();

    /// <summary>Null when another client has just removed it.</summary>
    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string FileOf(Guid key) => Path.Combine(Folder, $"{key}.entry");
}
