namespace LiveMigration.Evacuation.Balancing;

/// <summary>Whether hosts in use could fail and the others in use would have room for their units: N+1, where one could.</summary>
internal static class SpareCapacity
{
    /// <param name="group">The hosts.</param>
    /// <param name="failures">How many of the fullest hosts could fail.</param>
    internal static bool IsEnough(LoadGroup group, int failures)
    {
        if (failures == 0)
            return true;
        var used = group.Hosts.Where(host => host.Units.Count > 0).OrderByDescending(host => host.Units.Sum(unit => unit.Group.Memory)).ThenBy(host => host.Index).ToList();
        if (used.Count <= failures)
            return used.Count == 0;
        // In a failure all CPUs may be busy; memory cannot be promised twice.
        var left = used.Skip(failures).Select(host => (Memory: host.Room.Free, VCpus: host.Room.FreeVCpus, Cpu: (host.Host.Cpus ?? double.PositiveInfinity) - host.Cpu)).ToArray();
        foreach (var unit in used.Take(failures).SelectMany(host => host.Units).OrderByDescending(unit => unit.Group.Memory).ThenBy(unit => unit.Index))
        {
            var at = Array.FindIndex(left, host => unit.Group.Memory <= host.Memory && unit.Group.VCpus <= host.VCpus && unit.Cpu <= host.Cpu);
            if (at < 0)
                return false;
            left[at] = (left[at].Memory - unit.Group.Memory, left[at].VCpus - unit.Group.VCpus, left[at].Cpu - unit.Cpu);
        }

        return true;
    }
}
