using System.Globalization;
using System.Security.Cryptography;
using LiveMigration.Errors;
using LiveMigration.State;

namespace LiveMigration.Evacuation.Journals;

/// <summary>The journals of a store's evacuations.</summary>
internal sealed class EvacuationJournals(StateStore state)
{
    private readonly LogFolder _logs = state.Logs("evacuations", "evacuation", OldJournal.Reader);

    /// <summary>Their ids, the oldest first.</summary>
    internal IReadOnlyList<string> Ids => _logs.Ids;

    internal string File(string id) => _logs.FileOf(id);

    /// <summary>The file by which any process asks the one that carries an evacuation out to stop.</summary>
    internal string StopRequest(string id) => _logs.Beside(id, ".stop");

    internal bool IsRunning(string id) => _logs.IsHeld(id);

    /// <summary>Removes one that no process carries out.</summary>
    /// <returns>Whether it is gone.</returns>
    internal bool Remove(string id)
    {
        if (!_logs.Remove(id))
            return false;
        System.IO.File.Delete(StopRequest(id));
        return true;
    }

    /// <exception cref="LiveMigrationException">There is none, or it cannot be read.</exception>
    internal EvacuationHistory Read(string id)
    {
        try
        {
            return EvacuationHistory.Read(_logs.Read(id), File(id));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LiveMigrationException(Faults.EvacuationNotFound, $"Evacuation '{id}' was not found. {NearNames.Ask(NearNames.Of(id, Ids))}".TrimEnd(), innerException: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(Faults.JournalDamaged, $"The journal {File(id)} cannot be read: {error.Message}.", innerException: error);
        }
    }

    /// <summary>What has become of an evacuation.</summary>
    /// <exception cref="LiveMigrationException">There is none, or it cannot be read.</exception>
    internal HostEvacuation Tell(string id)
    {
        // First whether it runs: what ends between the two questions is told as ended.
        var held = IsRunning(id);
        return Read(id).Tell(File(id), held, state.Now);
    }

    /// <summary>Begins the journal of an evacuation, and returns when its plan is on the disk.</summary>
    /// <exception cref="LiveMigrationException">It cannot be written.</exception>
    internal EvacuationJournal Begin(EvacuationPlan plan, IEnumerable<RecordedHost> hosts, IReadOnlySet<Guid> autostart)
    {
        var id = $"{state.Now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(2)).ToLowerInvariant()}";
        EvacuationJournal? journal = null;
        try
        {
            journal = new EvacuationJournal(this, id, _logs.TryOpen(id)!, history: null);
            journal.Begin(plan, hosts, autostart);
            return journal;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            journal?.Dispose();
            throw new LiveMigrationException(Faults.JournalNotWritable, $"The journal {File(id)} cannot be written: {error.Message}", innerException: error);
        }
    }

    /// <summary>Resumes a journal whose process has ended.</summary>
    /// <exception cref="LiveMigrationException">Its process lives.</exception>
    internal EvacuationJournal Resume(string id)
    {
        var log = _logs.TryOpen(id) ?? throw new LiveMigrationException(Faults.EvacuationRuns, $"The evacuation {id} is already being run by another process.");
        try
        {
            var journal = new EvacuationJournal(this, id, log, Read(id));
            journal.Resume();
            return journal;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }
}
