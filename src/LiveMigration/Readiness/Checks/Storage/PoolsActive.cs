using LiveMigration.Errors;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM081: what an inactive pool would mount is not mounted.</summary>
internal sealed class PoolsActive()
    : ReadinessCheck("LM081", "The storage pools of the VM's disks are active on the destination", CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/formatstorage.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var paths = facts.TargetDevices("disk").Select(DiskPath.Of).OfType<string>().ToArray();
        // A disk that is copied needs the pool: libvirt makes no image without.
        var refusal = facts.Demand.Offline ? null : DiskPlan.Of(facts).Refusal;
        var copies = refusal?.Fault == Faults.DestinationPoolMissing;
        if (copies && !facts.Destination.Pools.Value.Any(pool => paths.Any(pool.Pool.Holds)))
            yield return Broken(refusal!.Message, FixCommand.Start(facts, "-AllowPoolSetup"));
        foreach (var pool in facts.Destination.Pools.Value.Where(pool => paths.Any(pool.Pool.Holds)))
        {
            var (name, type) = (pool.Pool.Name, pool.Pool.Type);
            var repair = new HostRepair(RepairKind.StartPool, facts.Destination.Host, name);
            var inactive = $"Pool '{name}' ({type}, {pool.Pool.TargetPath}) is not active on {facts.Destination.Name}.";
            yield return pool.Active
                ? Pass($"Pool '{name}' is active on {facts.Destination.Name}.", name)
                : copies || type is "netfs" or "fs" or "iscsi"
                    ? Broken(inactive, repair, name)
                    // QEMU opens files in a folder whatever libvirt thinks of the pool.
                    : Doubtful(inactive, repair, name);
        }

        var wanted = facts.TargetDevices("disk").SelectMany(disk => disk.Descendants("source")).Where(source => !source.Ancestors("mirror").Any())
            .Select(source => (string?)source.Attribute("pool")).OfType<string>().Distinct();
        foreach (var name in wanted.Where(name => !facts.Destination.Pools.Value.Any(pool => pool.Pool.Name == name)))
            yield return Broken($"{facts.Destination.Name} has no pool '{name}'.", FixCommand.Copy(facts, "pool-dumpxml", "pool-define", name), name);
    }
}
