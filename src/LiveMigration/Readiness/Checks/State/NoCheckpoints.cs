using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM035: incremental backups build on them.</summary>
internal sealed class NoCheckpoints()
    : ReadinessCheck("LM035", "The VM has no checkpoints", CheckCategory.State, CheckSeverity.Warning, "https://libvirt.org/formatcheckpoint.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var names = facts.Domain.Checkpoints.Value;
        yield return names.Count == 0
            ? Pass("The VM has no checkpoints.")
            : Broken(
                $"The VM has {string.Join(", ", names)}: libvirt does not migrate checkpoints, so the next backup is a full one. Their bitmaps stay in the disks: saved before, "
                + $"each is had again on {facts.Destination.Name} with 'virsh checkpoint-create {facts.Name} FILE --redefine', the oldest first.",
                string.Join("; ", names.Select(name => FixCommand.SaveCheckpoint(facts, name))));
    }
}
