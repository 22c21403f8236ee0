using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM034: libvirt: cannot migrate domain with snapshots.</summary>
internal sealed class NoSnapshots()
    : ReadinessCheck("LM034", "The VM has no snapshots", CheckCategory.State, CheckSeverity.Blocker, "https://libvirt.org/formatsnapshot.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var count = facts.Domain.Snapshots.Value;
        var virsh = FixCommand.Virsh(facts.Source.Host, "snapshot-delete", facts.Name, "--current", "--metadata");
        yield return count == 0
            ? Pass("The VM has no snapshots.")
            : Broken($"The VM has snapshots ({count}), which libvirt does not migrate. Save each with 'virsh snapshot-dumpxml' to redefine it on the destination.", virsh);
    }
}
