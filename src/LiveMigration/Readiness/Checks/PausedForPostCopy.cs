using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM030: libvirt starts no post-copy of a paused VM.</summary>
internal sealed class PausedForPostCopy()
    : ReadinessCheck("LM030", "A VM that goes over in post-copy executes", CheckCategory.State, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (!facts.Demand.PostCopy)
            return [Skip("Post-copy is not asked for.")];
        return facts.State.Status.IsExecuting
            ? [Pass($"It is {facts.State.Status}.")]
            : [Broken($"It is {facts.State.Status}.", FixCommand.Virsh(facts.Source.Host, "resume", facts.Name))];
    }
}
