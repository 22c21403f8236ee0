using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM050: QEMU finds a module of memory by its slot and base address; both must be the same on the other side.</summary>
internal sealed class MemoryDevicesPlaced()
    : ReadinessCheck("LM050", "The VM's memory modules have a slot and an address", CheckCategory.Capacity, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#memory-devices")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var modules = facts.TargetDevices("memory").Where(module => (string?)module.Attribute("model") is "dimm" or "nvdimm").ToArray();
        var slots = (int?)facts.TargetXml.Element("maxMemory")?.Attribute("slots") ?? 0;
        if (modules.Length > slots)
            return [Broken($"The definition for {facts.Destination.Name} has {modules.Length} memory modules but only {slots} slots.")];
        return modules.Select((module, index) => module.Element("address") is { } address && address.Attribute("slot") is not null && address.Attribute("base") is not null
            ? Pass($"Slot {(string?)address.Attribute("slot")}, base {(string?)address.Attribute("base")}.", $"module {index}")
            : Broken($"The definition for {facts.Destination.Name} does not specify its slot and base address: libvirt would choose different ones.", subject: $"module {index}"));
    }
}
