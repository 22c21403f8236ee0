using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM101: a migration neither uses nor removes what the destination has saved of the VM; the next start there does.</summary>
internal sealed class NoEarlierState()
    : ReadinessCheck("LM101", "The destination has no saved memory or snapshots of the VM", CheckCategory.State, CheckSeverity.Blocker, "https://libvirt.org/manpages/virsh.html#managedsave")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var host = facts.Destination.Host;
        if (facts.Fit.Earlier.Value is not { } earlier)
            return [Pass($"{host.Name} does not know the VM.")];
        var found = Find(facts, earlier, facts.Destination.Domains.Value.First(known => known.Uuid == facts.Uuid).Name).ToArray();
        return found.Length == 0 ? [Pass($"{host.Name} has the VM's definition, and nothing else of it.")] : found;
    }

    private static IEnumerable<Outcome> Find(ReadinessFacts facts, EarlierState earlier, string name)
    {
        var host = facts.Destination.Host;
        if (earlier.ManagedSave)
        {
            yield return Broken(
                $"{host.Name} has saved memory of the VM (managed save): the next start there would bring it back over disks that have changed since.",
                FixCommand.Virsh(host, "managedsave-remove", name), "saved memory");
        }

        if (earlier.Snapshots > 0)
        {
            yield return Doubtful(
                $"{host.Name} lists snapshots of the VM ({earlier.Snapshots}) from the time when it ran there. Reverting to one would undo what the guest has written since.",
                FixCommand.Virsh(host, "snapshot-delete", name, "--current", "--metadata"), "snapshots");
        }

        if (earlier.Checkpoints.Count > 0)
        {
            yield return Doubtful(
                $"{host.Name} lists checkpoints of the VM ({string.Join(", ", earlier.Checkpoints)}) from the time when it ran there: a backup on top of one would miss what has changed since.",
                string.Join("; ", earlier.Checkpoints.Select(one => FixCommand.Virsh(host, "checkpoint-delete", name, one, "--metadata"))), "checkpoints");
        }
    }
}
