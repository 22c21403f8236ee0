using LiveMigration.Errors;
using LiveMigration.Readiness.Checks.Storage;
using LiveMigration.Storage;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM110: a daemon that died in the middle of a copy left parts of it in QEMU, under the names that the next copy needs.</summary>
internal sealed class NoCopyLeftover()
    : ReadinessCheck("LM110", "QEMU has no leftover of an earlier disk copy", CheckCategory.State, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.CopyLeftover;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Domain.Monitor is { IsUntold: true, Reason: var reason })
            return [Skip(reason!)];
        if (facts.Domain.Monitor.Value.Leftovers is not { Count: > 0 } left)
            return [Pass("QEMU has none.")];
        if (facts.Domain.Job.Value.IsActive || facts.Domain.BlockJobs.Value.Count > 0)
            return [Skip("A job is running: see LM032 and LM033.")];
        var evidence = $"QEMU has {string.Join(", ", left)}, of which libvirt does not know.";
        return DiskPlan.Of(facts) is { Refusal: null, Moves: var moves } && moves.All(move => move.Transfer is DiskTransfer.None)
            ? [Doubtful(evidence, Repair(facts))]
            : [Broken(evidence, Repair(facts))];
    }

    private static DomainRepair Repair(ReadinessFacts facts) => new(facts.State);
}
