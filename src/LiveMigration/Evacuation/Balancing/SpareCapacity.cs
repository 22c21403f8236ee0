namespace LiveMigration.Evacuation.Balancing;

/// <summary>Whether hosts in use could fail and the others in use would have room for their units: N+1, where one could.</summary>
internal static class SpareCapacity
{
    /// <param name="group">The hosts.</param>
    /// <param name="failures">How many hosts could fail. One can be any; of more, the worst by memory, by CPU and by the largest VM are looked at.</param>
    internal static bool IsEnough(LoadGroup group, int failures)
    {
        if (failures == 0)
            return true;
        var used = group.Hosts.Where(host => host.Units.Count > 0).ToList();
        if (used.Count <= failures)
            return used.Count == 0;
        if (failures == 1)
            return used.TrueForAll(host => Holds(used, [host]));
        // Of several the worst by each measure: all combinations would be too many.
        return Holds(used, Worst(host => host.Units.Sum(unit => unit.Group.Memory))) && Holds(used, Worst(host => host.Cpu)) && Holds(used, Worst(host => host.Units.Max(unit => unit.Group.Memory)));

        HashSet<LoadHost> Worst(Func<LoadHost, double> measure) => [.. used.OrderByDescending(measure).ThenBy(host => host.Index).Take(failures)];
    }

    private static bool Holds(List<LoadHost> used, HashSet<LoadHost> failed)
    {
        // In a failure all CPUs may be busy; memory cannot be promised twice.
        var left = used.Where(host => !failed.Contains(host)).Select(host => (Memory: host.Room.Free, VCpus: host.Room.FreeVCpus, Cpu: (host.Host.Cpus ?? double.PositiveInfinity) - (host.Host.OwnCpu ?? 0) - host.Cpu)).ToArray();
        foreach (var unit in failed.SelectMany(host => host.Units).OrderByDescending(unit => unit.Group.Memory).ThenBy(unit => unit.Index))
        {
            var at = Array.FindIndex(left, host => unit.Group.Memory <= host.Memory && unit.Group.VCpus <= host.VCpus && unit.Cpu <= host.Cpu);
            if (at < 0)
                return false;
            left[at] = (left[at].Memory - unit.Group.Memory, left[at].VCpus - unit.Group.VCpus, left[at].Cpu - unit.Cpu);
        }

        return true;
    }
}
