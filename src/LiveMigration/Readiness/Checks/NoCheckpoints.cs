using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM035: incremental backups build on them.</summary>
internal sealed class NoCheckpoints()
    : ReadinessCheck("LM035", "The VM has no checkpoints", CheckCategory.State, CheckSeverity.Warning, "https://libvirt.org/formatcheckpoint.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var count = facts.Domain.Checkpoints.Value;
        yield return count == 0
            ? Pass("It has none.")
            : Broken($"It has {count}: libvirt forgets them on the way, and the next backup is a full one.", FixCommand.Virsh(facts.Source.Host, "checkpoint-list", facts.Name));
    }
}
