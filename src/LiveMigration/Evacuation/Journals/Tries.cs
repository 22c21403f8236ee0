using LiveMigration.Errors;

namespace LiveMigration.Evacuation.Journals;

/// <summary>The steps of one domain → its tries.</summary>
internal static class Tries
{
    /// <summary>Begins one. Of one before it whose process died, nobody saw the end.</summary>
    internal static IReadOnlyList<EvacuationAttempt> Begin(IReadOnlyList<EvacuationAttempt> tries, JournalStep step) =>
    [
        .. tries.Select(one => one.State is EvacuatedState.Migrating ? one with { State = EvacuatedState.Stayed, Error = "The process that ran the evacuation ended before the migration did." } : one),
        new EvacuationAttempt { Destination = step["to"]!, StartTime = step.Time },
    ];

    /// <summary>Ends the last one, if it is still open: what stays without having been begun ends none.</summary>
    internal static IReadOnlyList<EvacuationAttempt> End(IReadOnlyList<EvacuationAttempt> tries, JournalStep step, EvacuatedState state) =>
        tries is not [.., { State: EvacuatedState.Migrating } last] ? tries
        : [
            .. tries.SkipLast(1),
            last with
            {
                Destination = step["to"] ?? last.Destination,
                EndTime = step.Time,
                State = state is EvacuatedState.Waiting ? EvacuatedState.Stayed : state,
                Transferred = step.Number("bytes"),
                Downtime = step.Number("downtime") is { } downtime ? TimeSpan.FromMilliseconds(downtime) : null,
                Error = step["error"],
                Fault = Faults.Find(step["fault"]),
            },
        ];
}
