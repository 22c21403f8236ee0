using LiveMigration.Migration;
using LiveMigration.Migration.History;

namespace LiveMigration.Evacuation.Journals;

/// <summary>An evacuation, and what happened since → what its journal is still needed for. Pure.</summary>
internal static class EvacuationNeed
{
    /// <summary>How many VMs a sentence names.</summary>
    private const int Named = 3;

    /// <summary>What it is needed for, as a sentence; null when it has ended and nothing needs it.</summary>
    /// <param name="evacuation">The evacuation.</param>
    /// <param name="moves">What moved which VM to where, and when: the history, and what other journals know.</param>
    internal static string? Of(HostEvacuation evacuation, IReadOnlyCollection<Arrival> moves)
    {
        if (evacuation.State is EvacuationState.Running)
            return "It is running.";
        if (evacuation.State is EvacuationState.Interrupted or EvacuationState.Stopped)
            return $"It was {(evacuation.State is EvacuationState.Stopped ? "stopped" : "interrupted")}, and Resume-HostEvacuation can continue it.";
        if (evacuation.Unclear > 0)
            return $"It is not known where {Names(evacuation.Domains.Where(domain => domain.State is EvacuatedState.Unclear))} is.";
        EvacuatedDomain[] stayed = [.. evacuation.Domains.Where(domain => domain.State is EvacuatedState.Stayed && !moves.Any(move => move.Uuid == domain.Uuid && move.Time > evacuation.StartTime))];
        if (stayed.Length > 0)
            return $"Not moved: {Names(stayed)}. Resume-HostEvacuation can try again.";
        if (evacuation.IsReturn)
            return null;
        // One that was back once has been moved back, wherever it is by now.
        var since = moves.Where(move => move.Time > evacuation.StartTime).ToLookup(move => (move.Uuid, move.Host), move => move.Time);
        EvacuatedDomain[] away = [.. evacuation.Domains.Where(domain =>
            domain.State is EvacuatedState.Moved && !since[(domain.Uuid, domain.Source)].Any(time => time > (domain.StartTime ?? evacuation.StartTime)))];
        return away.Length == 0 ? null : $"Not known to be back on {string.Join(", ", away.Select(domain => domain.Source).Distinct())}: {Names(away)}. Restore-VMPlacement and Exit-HostMaintenance need its journal to bring them back.";
    }

    /// <summary>Where migrations of the history brought VMs.</summary>
    internal static IEnumerable<Arrival> Of(IEnumerable<MigrationRecord> records) => records
        .Where(record => record is { Outcome: MigrationOutcome.Completed, Destination: not null })
        .Select(record => new Arrival(record.Uuid, record.Destination!, record.StartTime + record.TotalTime));

    /// <summary>Where an evacuation brought VMs.</summary>
    internal static IEnumerable<Arrival> Of(HostEvacuation evacuation) => evacuation.Domains
        .Where(domain => domain is { State: EvacuatedState.Moved, Destination: not null, StartTime: not null })
        .Select(domain => new Arrival(domain.Uuid, domain.Destination!, domain.StartTime!.Value + (domain.Time ?? TimeSpan.Zero)));

    private static string Names(IEnumerable<EvacuatedDomain> domains)
    {
        var names = domains.Select(domain => $"'{domain.Name}'").ToArray();
        return names.Length <= Named + 1 ? string.Join(", ", names) : $"{string.Join(", ", names[..Named])} and {names.Length - Named} more VMs";
    }

    /// <summary>A VM came to a host.</summary>
    internal sealed record Arrival(Guid Uuid, string Host, DateTimeOffset Time);
}
