using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM030: libvirt starts no post-copy of a paused VM.</summary>
internal sealed class PausedForPostCopy()
    : ReadinessCheck("LM030", "The VM is running, as post-copy requires", CheckCategory.State, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (!facts.Demand.PostCopy)
            return [Skip("Post-copy is not requested.")];
        return facts.State.Status.IsExecuting
            ? [Pass($"The VM is {facts.State.Status}.")]
            : [Broken($"The VM is {facts.State.Status}.", FixCommand.Virsh(facts.Source.Host, "resume", facts.Name))];
    }
}
