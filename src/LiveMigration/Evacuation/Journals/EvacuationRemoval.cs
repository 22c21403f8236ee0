using System.Globalization;
using LiveMigration.Errors;
using LiveMigration.Migration.History;
using LiveMigration.State;
using LiveMigration.Tracing;

namespace LiveMigration.Evacuation.Journals;

/// <summary>Removes journals: one that a user names, or the old ones, as <see cref="Retention"/> says.</summary>
/// <param name="state">The state folder.</param>
/// <param name="journals">The journals.</param>
internal sealed class EvacuationRemoval(StateStore state, EvacuationJournals journals)
{
    /// <summary>An id begins with the time at which its evacuation started.</summary>
    private const string TimeFormat = "yyyyMMdd-HHmmss";

    private readonly RemovedEvacuations _removed = new(state);

    /// <summary>What an evacuation is still needed for; null when nothing needs it.</summary>
    /// <exception cref="LiveMigrationException">There is none, or its journal cannot be read.</exception>
    internal string? WhyNeeded(string id) => EvacuationNeed.Of(journals.Tell(id), Arrivals(out _));

    /// <summary>Removes one.</summary>
    /// <exception cref="LiveMigrationException">A process carries it out, or it cannot be removed.</exception>
    internal void Remove(string id)
    {
        try
        {
            if (!journals.IsRunning(id))
            {
                _removed.Add(id);
                if (journals.Remove(id))
                    return;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(Faults.JournalNotRemovable, $"The journal {journals.File(id)} cannot be removed: {error.Message}", innerException: error);
        }

        throw new LiveMigrationException(Faults.EvacuationRuns, $"The evacuation {id} is running: its journal stays.");
    }

    /// <summary>Removes what is older, or takes more room, than it may, and what nothing needs. Where that fails, it stays.</summary>
    internal void Prune()
    {
        try
        {
            var retention = Retention.Read(state.Folder);
            var oldest = state.Now.AddMonths(-retention.EvacuationMonths).UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
            var ids = journals.Ids;
            var size = ids.Sum(SizeOf);
            // As in the history: a clock that was wrong once costs nothing.
            if ((!ids.Any(id => IsOld(id, oldest)) && size <= retention.EvacuationSize) || ids.All(id => IsOld(id, oldest)))
                return;
            var moves = Arrivals(out var evacuations);
            foreach (var evacuation in evacuations.TakeWhile(one => IsOld(one.Id, oldest) || size > retention.EvacuationSize).Where(one => EvacuationNeed.Of(one, moves) is null).ToArray())
            {
                if (!IsOld(evacuation.Id, oldest) && size <= retention.EvacuationSize)
                    break;
                size -= SizeOf(evacuation.Id);
                Remove(evacuation.Id);
                Tracer.Say($"Removed the journal of the evacuation {evacuation.Id}, which {Retention.FileName} keeps no longer.");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or LiveMigrationException)
        {
            Tracer.Say($"Old journals of evacuations stay: {error.Message}");
        }
    }

    private static bool IsOld(string id, string oldest) => string.CompareOrdinal(id, oldest) < 0;

    private List<EvacuationNeed.Arrival> Arrivals(out List<HostEvacuation> evacuations)
    {
        evacuations = [];
        foreach (var id in journals.Ids)
        {
            try
            {
                evacuations.Add(journals.Tell(id));
            }
            catch (LiveMigrationException error)
            {
                Tracer.Say($"{error.Message} It proves nothing about VMs."); // And it stays.
            }
        }

        return [.. EvacuationNeed.Of(new MigrationHistory(state).Read()), .. evacuations.SelectMany(EvacuationNeed.Of)];
    }

    private long SizeOf(string id) => new FileInfo(journals.File(id)) is { Exists: true } file ? file.Length : 0;
}
