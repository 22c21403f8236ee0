using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM079: what one host has cached the other does not see.</summary>
internal sealed class CacheModeSafe()
    : ReadinessCheck("LM079", "The disks' cache modes are safe for migration", CheckCategory.Storage, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms")
{
    /// <summary>From here on QEMU drops what the host cached.</summary>
    private static readonly Version DropsCache = new(4, 0, 0);

    internal override Fault Fault => Faults.UnsafeCache;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var qemu = facts.Source.Info.Value.HypervisorVersion;
        var cached = facts.Devices("disk")
            .Where(disk => disk.Element("source") is not null && disk.Element("readonly") is null && (string?)disk.Attribute("type") is not "network")
            .Select(disk => (Target: (string?)disk.Element("target")?.Attribute("dev"), Cache: (string?)disk.Element("driver")?.Attribute("cache") ?? "default"))
            .Where(disk => disk.Cache is not ("none" or "directsync")).ToArray();
        if (cached.Length == 0 || qemu >= DropsCache || facts.Demand.AllowUnsafe)
            return [Pass(cached.Length == 0 ? "The disks bypass the host's cache, or are accessed over the network." : $"QEMU {qemu} drops the host's cache during the migration.")];
        return cached.Select(disk => Broken($"The disk has cache='{disk.Cache}', and QEMU {qemu} does not drop the host's cache. Another cache mode takes effect the next time the VM starts.", disk.Cache is "default" ? null : FixCommand.Redefine(facts, $"s/cache='{disk.Cache}'/cache='none'/"), disk.Target));
    }
}
