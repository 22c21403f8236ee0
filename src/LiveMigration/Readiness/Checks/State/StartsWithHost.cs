using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM039: after a reboot of the destination the VM would not find its network or disk.</summary>
internal sealed class StartsWithHost()
    : ReadinessCheck("LM039", "An autostarted VM's networks and pools start automatically on the destination", CheckCategory.State, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (!facts.State.Autostart)
            return [Pass("The VM does not start automatically.")];
        var host = facts.Destination.Host;
        var used = facts.TargetDevices("interface").Select(nic => (string?)nic.Element("source")?.Attribute("network")).ToHashSet();
        var networks = facts.Destination.Networks.Value
            .Where(network => used.Contains(network.Name) && !network.Autostart)
            .Select(network => Broken($"Network '{network.Name}' does not start automatically.", new HostRepair(RepairKind.AutostartNetwork, host, network.Name), network.Name));
        var paths = facts.TargetDevices("disk").Select(DiskPath.Of).OfType<string>().ToArray();
        var pools = facts.Destination.Pools.Value
            .Where(pool => !pool.Autostart && paths.Any(pool.Pool.Holds))
            .Select(pool => Broken($"Storage pool '{pool.Pool.Name}' does not start automatically.", new HostRepair(RepairKind.AutostartPool, host, pool.Pool.Name), pool.Pool.Name));
        var several = networks.Concat(pools).ToArray();
        return several.Length > 0 ? several : [Pass("The VM's networks and storage pools start automatically.")];
    }
}
