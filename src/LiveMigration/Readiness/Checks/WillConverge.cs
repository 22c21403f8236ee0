using LiveMigration.Units;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM095: memory that is written faster than it is sent is never all there.</summary>
internal sealed class WillConverge()
    : ReadinessCheck("LM095", "The VM's memory can be sent faster than it is written", CheckCategory.Strategy, CheckSeverity.Warning)
{
    /// <summary>From this share of the speed on, passes get shorter so slowly that little may tip it over.</summary>
    private const double Close = 0.8;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline || !facts.State.Status.IsExecuting)
            return [Skip("It writes nothing on the way.")];
        if (facts.Demand.PostCopy)
            return [Pass("Post-copy ends it, whatever it writes.")];
        if (facts.Domain.DirtyRate.Value is not { } written)
            return [Untold($"How fast it writes was not measured: Measure-DirtyRate {FixCommand.Quote(facts.Name)} does.")];
        if (TravelTime.Speed(facts) is not { } speed)
            return [Untold(TravelTime.NoSpeed)];
        var evidence = $"It wrote {written} when that was measured last, and {speed} can be sent.";
        var share = written.BytesPerSecond / (double)speed.BytesPerSecond;
        if (share < Close)
            return [Pass(evidence)];
        return facts.Demand.AutoConverge
            ? [Pass($"{evidence} -AutoConverge slows it down.")]
            : [share < 1 ? Doubtful(evidence, Fix(facts)) : Broken(evidence, Fix(facts))];
    }

    private static string Fix(ReadinessFacts facts) => FixCommand.Start(facts, $"-AutoConverge{TravelTime.Limit(facts)}");
}
