using LiveMigration.Forecasting;
using LiveMigration.Readiness.Checks.Storage;
using LiveMigration.Storage;
using LiveMigration.Units;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM096: a migration that cannot be done by its time-out was begun in vain.</summary>
internal sealed class WillBeInTime()
    : ReadinessCheck("LM096", "The migration can complete before its timeout", CheckCategory.Strategy, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline || facts.Demand.Timeout is not { } limit)
            return [Skip("The migration has no timeout.")];
        if (TravelTime.Speed(facts) is not { } speed)
            return [Untold(TravelTime.NoSpeed)];
        var copied = DiskPlan.Of(facts).Moves.Where(move => move.Transfer is not DiskTransfer.None).Sum(move => Reported(move.Bytes, $"size of {move.Target}"));
        var bytes = new ByteSize(Reported(facts.State.Memory, "memory") + copied);
        var written = facts.Domain.DirtyRate is { IsHad: true, Value: { } rate } && !facts.Demand.PostCopy ? rate : Bandwidth.FromBytes(0);
        if (PreCopy.TimeOf(bytes.Bytes, speed.BytesPerSecond, written.BytesPerSecond) is not { } time)
            return [Skip("The migration would not converge: see LM095.")];
        var needed = new Duration(time);
        var evidence = $"Sending {bytes} at {speed} takes {(written.BytesPerSecond == 0 ? "at least " : "")}{needed}, and -Timeout is {limit}.";
        return [needed.CompareTo(limit) > 0
            ? Broken(evidence, FixCommand.Start(facts, FormattableString.Invariant($"-Timeout {Math.Ceiling(needed.Value.TotalSeconds * 2)}s{TravelTime.Limit(facts)}")))
            : Pass(evidence)];
    }
}
