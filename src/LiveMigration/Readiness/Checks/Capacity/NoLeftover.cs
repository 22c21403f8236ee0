using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM045: a migration whose end nobody saw leaves a paused copy.</summary>
internal sealed class NoLeftover()
    : ReadinessCheck("LM045", "No earlier migration left half of the VM on the destination", CheckCategory.Capacity, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var left = facts.Destination.Domains.Value.FirstOrDefault(domain => domain.Uuid == facts.Uuid && Leftover.Is(domain));
        if (left is null)
            return [Pass("The destination has no leftover of the VM.")];
        return facts.State.Status.IsExecuting && !left.Status.IsPostCopy
            ? [Broken($"The VM is {left.Status} on the destination, and runs on the source: the destination's copy never ran.", FixCommand.Virsh(facts.Destination.Host, "destroy", left.Name))]
            : [Broken($"The VM is {left.Status} on the destination, and {facts.State.Status} on the source: each may hold part of the guest.", $"Resume-VMLiveMigration {FixCommand.Quote(facts.Name)} -Destination {FixCommand.Quote(facts.Destination.Name)}")];
    }
}
