using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM045: a migration whose end nobody saw leaves a paused copy.</summary>
internal sealed class NoLeftover()
    : ReadinessCheck("LM045", "No half of an earlier migration is left on the destination", CheckCategory.Capacity, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var left = facts.Destination.Domains.Value.FirstOrDefault(domain => domain.Uuid == facts.Uuid && Leftover.Is(domain));
        if (left is null)
            return [Pass("There is none.")];
        return facts.State.Status.IsExecuting && !left.Status.IsPostCopy
            ? [Broken($"It is {left.Status} there, and executes here: what is there never ran.", FixCommand.Virsh(facts.Destination.Host, "destroy", left.Name))]
            : [Broken($"It is {left.Status} there, and {facts.State.Status} here: each may hold a part of the guest.", $"Resume-VMLiveMigration {FixCommand.Quote(facts.Name)} -Destination {FixCommand.Quote(facts.Destination.Name)}")];
    }
}
