using LiveMigration.Errors;
using LiveMigration.Ownership;

namespace LiveMigration.Evacuation.Journals;

/// <summary>The journals of this user's evacuations on this machine.</summary>
internal static class JournalFiles
{
    private const string Extension = ".journal";

    private static string Folder => StateFolder.Of("evacuations");

    /// <summary>Their ids, the oldest first.</summary>
    internal static IReadOnlyList<string> Ids => !Directory.Exists(Folder) ? []
        : [.. Directory.EnumerateFiles(Folder, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    internal static string File(string id) => Path.Combine(Folder, id + Extension);

    internal static string StopRequest(string id) => Path.Combine(Folder, id + ".stop");

    internal static bool IsRunning(string id) => RecordLog.IsHeld(File(id));

    /// <exception cref="LiveMigrationException">There is none, or it cannot be read.</exception>
    internal static EvacuationHistory Read(string id)
    {
        try
        {
            return EvacuationHistory.Read(RecordLog.Read(File(id)), File(id));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LiveMigrationException(Faults.EvacuationNotFound, $"Evacuation '{id}' was not found. {NearNames.Ask(NearNames.Of(id, Ids))}".TrimEnd(), innerException: error);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(Faults.JournalDamaged, $"The journal {File(id)} cannot be read: {error.Message}.", innerException: error);
        }
    }
}
