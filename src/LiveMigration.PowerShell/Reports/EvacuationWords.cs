using LiveMigration.Evacuation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Reports;

/// <summary>What a bar shows, in words.</summary>
internal static class EvacuationWords
{
    internal static string Planned(PlannedMove move) =>
        $"to {move.Destination} in {new Duration(move.Time)}, {EvacuationStory.RateOf(move)}{(move.Alone ? ", alone on its link" : "")}{(move.Converges ? "" : ", does not converge without intervention")}";

    internal static string Of(EvacuationAttempt attempt)
    {
        var what = attempt.State switch
        {
            EvacuatedState.Moved => $"✓ moved to {attempt.Destination}",
            EvacuatedState.Migrating => $"… migrating to {attempt.Destination}",
            EvacuatedState.Unclear => $"? unclear, to {attempt.Destination}",
            _ => $"✗ failed, to {attempt.Destination}",
        };
        return what + (attempt.Time is { } time ? $" in {new Duration(time)}" : "") + (attempt.Rate is { } rate ? $", {Bandwidth.FromBytes(rate)}" : "")
            + (attempt.Downtime is { } downtime ? $", downtime {new Duration(downtime)}" : "") + (attempt.Error is { } error ? $": {error.TrimEnd('.')}" : "");
    }

    internal static string Short(EvacuatedDomain domain) => domain.State switch
    {
        EvacuatedState.Moved => $"✓ {domain.Destination}{(domain.Tries is [.., { Time: { } time }] ? $", {new Duration(time)}" : "")}{(domain.Tries is [.., { Rate: { } rate }] ? $", {Bandwidth.FromBytes(rate)}" : "")}",
        EvacuatedState.Migrating => "… migrating",
        EvacuatedState.Waiting => "waiting",
        EvacuatedState.Unclear => "? unclear",
        _ => domain.Tries.Count == 0 ? $"✗ not started, stays on {domain.Source}" : $"✗ stays on {domain.Source}",
    };

    internal static string Sign(EvacuatedState state) => state switch
    {
        EvacuatedState.Moved => "✓ moved",
        EvacuatedState.Migrating => "… migrating",
        EvacuatedState.Waiting => "waiting",
        EvacuatedState.Unclear => "? unclear",
        EvacuatedState.Unmovable => "✗ unmovable",
        _ => "✗ stayed",
    };
}
