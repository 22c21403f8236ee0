using System.Diagnostics;

namespace LiveMigration.Migration.Affinity;

/// <summary>One small file per domain whose pinning is changed; written before the change and removed after it is undone.</summary>
internal static class AffinityJournal
{
    private static string Folder
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (string.IsNullOrEmpty(state))
                state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
            return Path.Combine(state, "livemigration", "affinity");
        }
    }

    internal static AffinityEntry Write(Guid domain, Guid source, Guid destination, byte[] former)
    {
        using var self = Process.GetCurrentProcess();
        var entry = new AffinityEntry(domain, source, destination, former, self.Id, self.StartTime.ToUniversalTime().Ticks);
        Rewrite(entry);
        return entry;
    }

    internal static void Rewrite(AffinityEntry entry)
    {
        Directory.CreateDirectory(Folder);
        var file = FileOf(entry.Domain);
        // Whole or not at all, whenever the power goes.
        using (var stream = new FileStream(file + ".new", FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(entry.ToString()));
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: true);
    }

    internal static void Remove(AffinityEntry entry) => File.Delete(FileOf(entry.Domain));

    /// <summary>What processes left behind that are no more.</summary>
    internal static IReadOnlyList<AffinityEntry> Orphans() => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateFiles(Folder, "*.entry").Select(file => AffinityEntry.Parse(File.ReadAllText(file))).OfType<AffinityEntry>().Where(entry => !Lives(entry)),
    ];

    private static string FileOf(Guid domain) => Path.Combine(Folder, $"{domain}.entry");

    private static bool Lives(AffinityEntry entry)
    {
        try
        {
            using var process = Process.GetProcessById(entry.ProcessId);
            return process.StartTime.ToUniversalTime().Ticks == entry.ProcessStart;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
