using LiveMigration.Units;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM095: memory that is written faster than it is sent is never all there.</summary>
internal sealed class WillConverge()
    : ReadinessCheck("LM095", "The migration can converge", CheckCategory.Strategy, CheckSeverity.Warning)
{
    /// <summary>From this share of the speed on, passes get shorter so slowly that little may tip it over.</summary>
    private const double Close = 0.8;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline || !facts.State.Status.IsExecuting)
            return [Skip("The VM writes no memory during the migration.")];
        if (facts.Demand.PostCopy)
            return [Pass("With post-copy the migration completes, however fast the VM writes.")];
        if (facts.Domain.DirtyRate.Value is not { } written)
            return [Untold($"The VM's dirty rate has not been measured: run Measure-DirtyRate {FixCommand.Quote(facts.Name)}.")];
        if (TravelTime.Speed(facts) is not { } speed)
            return [Untold(TravelTime.NoSpeed)];
        var evidence = $"The VM wrote {written} when its dirty rate was last measured, and {speed} can be sent.";
        var share = written.BytesPerSecond / (double)speed.BytesPerSecond;
        if (share < Close)
            return [Pass(evidence)];
        return facts.Demand.AutoConverge
            ? [Pass($"{evidence} -AutoConverge slows the VM down.")]
            : [share < 1 ? Doubtful(evidence, Fix(facts)) : Broken(evidence, Fix(facts))];
    }

    private static string Fix(ReadinessFacts facts) => FixCommand.Start(facts, $"-AutoConverge{TravelTime.Limit(facts)}");
}
