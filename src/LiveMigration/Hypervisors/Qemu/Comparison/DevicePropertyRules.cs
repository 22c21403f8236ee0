using System.Collections.Frozen;
using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>What it means that one property of a device has another value. Each word was tried on QEMU, or is read in its source.</summary>
internal static class DevicePropertyRules
{
    /// <summary>Where it is, what it is connected to and how it is doing: no property that the guest sees.</summary>
    private static readonly FrozenSet<string> NotCompared = FrozenSet.ToFrozenSet(
    [
        "type", "parent_bus", "realized", "hotplugged", "hotpluggable", "addr", "legacy-addr", "drive", "netdev", "chardev", "audiodev", "attached", "host_mtu", "display", "head", "pcap",
        "rng", "iothread", "romfile", "romsize", "rombar", "cryptodev", "memdev", "size", "node", "slot-id", "guest-stats-polling-interval", "guest-stats",
        // Where on its bus a device is.
        "port", "nr", "channel", "scsi-id", "lun", "unit", "iobase", "index",
    ]);

    /// <summary>In the configuration space that QEMU compares, or in the layout of the state.</summary>
    private static readonly FrozenSet<string> Refused = FrozenSet.ToFrozenSet(
    [
        "vectors", "disable-legacy", "disable-modern", "multifunction", "class", "msi", "msix", "aer", "ats", "vgamem_mb", "vram_size_mb", "vram64_size_mb", "ram_size_mb", "slot", "x-speed", "x-width",
    ]);

    /// <summary>What the host alone notices.</summary>
    private static readonly FrozenSet<string> Hidden = FrozenSet.ToFrozenSet(
        ["ioeventfd", "tx", "x-txtimer", "x-txburst", "period", "max-bytes", "rerror", "werror", "share-rw", "account-invalid", "account-failed", "request-merging", "x-ignore-backend-features", "polling-interval", "queue-depth"]);

    /// <summary>The features that a virtio device offers to its driver.</summary>
    private static readonly FrozenSet<string> VirtioFeatures = FrozenSet.ToFrozenSet(
    [
        "csum", "gso", "guest_csum", "guest_tso4", "guest_tso6", "guest_ecn", "guest_ufo", "guest_uso4", "guest_uso6", "host_uso", "guest_announce", "host_tso4", "host_tso6", "host_ecn", "host_ufo", "mrg_rxbuf", "status",
        "ctrl_vq", "ctrl_rx", "ctrl_vlan", "ctrl_rx_extra", "ctrl_mac_addr", "ctrl_guest_offloads", "mq", "rss", "hash", "guest_rsc_ext", "indirect_desc", "event_idx", "notify_on_empty", "any_layout", "iommu_platform", "packed",
        "queue_reset", "in_order", "discard", "write-zeroes", "config-wce", "scsi", "hotplug", "param_change", "emergency-write", "deflate-on-oom", "free-page-hint", "page-poison", "free-page-reporting", "failover",
    ]);

    /// <summary>What the guest has read of it.</summary>
    private static readonly FrozenSet<string> Seen = FrozenSet.ToFrozenSet(
    [
        "mac", "serial", "wwn", "logical_block_size", "physical_block_size", "min_io_size", "opt_io_size", "discard_granularity", "write-cache", "rx_queue_size", "tx_queue_size", "queue-size", "num-queues", "speed", "duplex", "seg-max-adjust", "acpi-index", "bootindex",
        "vendor", "product", "ver", "rotation_rate", "name", "edid", "xres", "yres", "xmax", "ymax", "refresh_rate", "chassis", "max_ports",
    ]);

    /// <summary>What QEMU calls <c>legacy-…</c> is another property in words for people.</summary>
    internal static bool IsCompared(string name) => !NotCompared.Contains(name) && !name.StartsWith("legacy-", StringComparison.Ordinal);

    /// <summary>What it means that one of them has the property alone; null where that makes no difference.</summary>
    internal static (QemuDifferenceVerdict Verdict, string Why)? JudgeAlone(string name, string? source, string? destination) =>
        Hidden.Contains(name) || Absence.IsAlike(name, source ?? destination) ? null
        : VirtioFeatures.Contains(name) && (source ?? destination) is "on" ? Judge(name, source, destination)
        : (Unknown, $"{(source is null ? "The source" : "The destination")} has no such property.");

    internal static (QemuDifferenceVerdict Verdict, string Why) Judge(string name, string? source, string? destination) =>
        Refused.Contains(name) ? (Fatal, "QEMU refuses: its configuration (Bad config data), state or memory is laid out otherwise.")
        : VirtioFeatures.Contains(name) ? (Dangerous, source is "on"
            ? "QEMU accepts it while no driver uses the feature, and refuses it then (Features … unsupported)."
            : "QEMU accepts it; the driver has not been offered this.")
        : name is "mac" ? (Dangerous, "QEMU accepts it, and the source's address goes with the guest: until its next boot, when it has the other.")
        : Seen.Contains(name) ? (Dangerous, "QEMU accepts it; the guest has read another value.")
        : Hidden.Contains(name) ? (Harmless, "The guest does not notice.")
        : (Unknown, "It is not known what QEMU makes of it.");
}
