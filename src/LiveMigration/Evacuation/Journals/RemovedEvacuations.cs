using LiveMigration.State;

namespace LiveMigration.Evacuation.Journals;

/// <summary>The ids of evacuations whose journals were removed: what counts all that were started never goes back.</summary>
/// <param name="state">The state folder.</param>
internal sealed class RemovedEvacuations(StateStore state)
{
    private const string Id = "evacuations";

    private readonly LogFolder _logs = state.Logs("totals", "total");

    /// <summary>Those that were removed, or were about to be: who finds the journal, too, counts it once.</summary>
    internal IReadOnlySet<string> Ids => !_logs.Ids.Contains(Id) ? new HashSet<string>()
        : _logs.Read(Id).Records.Select(record => record.Fields["evacuation"]).OfType<string>().ToHashSet();

    /// <summary>Writes down that one is about to be removed.</summary>
    /// <exception cref="IOException">It cannot be written, or another process writes all the time.</exception>
    internal void Add(string id)
    {
        using var log = _logs.TryOpen(Id) ?? throw new IOException($"{_logs.FileOf(Id)} is in use by another process.");
        log.Append([("evacuation", id)]);
    }
}
