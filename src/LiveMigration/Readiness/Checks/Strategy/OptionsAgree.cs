using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM090: what contradicts whatever the hosts are, the cmdlet refuses.</summary>
internal sealed class OptionsAgree()
    : ReadinessCheck("LM090", "The requested options work together on these hosts", CheckCategory.Strategy, CheckSeverity.Blocker)
{
    private static readonly Version SeveralChannels = new(10, 1, 0);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand is not { PostCopy: true, Parallel: not null })
            return [Pass("The requested options do not conflict.")];
        var (source, destination) = (facts.Source.Info.Value, facts.Destination.Info.Value);
        var older = source.HypervisorVersion < destination.HypervisorVersion ? source : destination;
        return older.HypervisorVersion < SeveralChannels
            ? [Broken($"Post-copy with -Parallel needs QEMU {SeveralChannels} on both hosts, and {older.Name} has {older.HypervisorVersion}.", FixCommand.Start(facts, "-PostCopy"))]
            : [Pass($"Post-copy with -Parallel: the older host has QEMU {older.HypervisorVersion}.")];
    }
}
