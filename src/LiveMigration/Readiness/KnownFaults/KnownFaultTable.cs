using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Readiness.Checks.Storage;
using LiveMigration.Security;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.KnownFaults;

/// <summary>Faults that end a VM, or corrupt it, and the versions that have them.</summary>
internal static class KnownFaultTable
{
    internal static IReadOnlyList<KnownFault> Rows { get; } =
    [
        new()
        {
            Name = "paused since it arrived",
            Versions = [(new(0, 0), new(10, 0))],
            Meets = PausedSinceArrival,
            Words = "a VM that arrived paused, and has not run since, ends with an assertion of QEMU at the end of its next migration. Resume it for a few seconds, then pause it again; "
                + "if it is so idle that this check still fails, skip the check.",
            Untold = "It is unknown whether the paused VM arrived by a migration and has not run since: libvirt forgets that when its daemon restarts. If so, resume it for a few seconds first.",
            Fix = facts => $"{FixCommand.Virsh(facts.Source.Host, "resume", facts.Name)}; sleep 5; {FixCommand.Virsh(facts.Source.Host, "suspend", facts.Name)}",
            Source = "https://lore.kernel.org/qemu-devel/20240924125611.664315-1-andrey.drobyshev@virtuozzo.com/",
        },
        new()
        {
            Name = "encrypted copy of a disk with an I/O thread",
            Versions = [(new(8, 2, 0), new(8, 2, 5)), (new(9, 0, 0), new(9, 0, 1))],
            OnDestination = true,
            Meets = EncryptedCopyInIoThread,
            Words = "copying a disk that has an I/O thread over TLS ends QEMU with an assertion. Update QEMU, or copy without encryption.",
            Fix = facts => FixCommand.Start(facts, "-Tls Off"),
            Source = "https://gitlab.com/qemu-project/qemu/-/commit/199e84de1c903ba5aa1f7256310bbc4a20dd930b",
        },
    ];

    /// <summary>A virtual CPU that has never run has used none or one of the kernel's ticks.</summary>
    private static readonly TimeSpan HasRun = TimeSpan.FromMilliseconds(20);

    /// <summary>Late activation of block devices leaves the disks of a VM that does not start inactive; QEMU then asserts that they are active.</summary>
    private static bool? PausedSinceArrival(ReadinessFacts facts)
    {
        if (facts.Demand.Offline || facts.State.Status is not { State: DomainState.Paused, IsPausedForMigration: false, IsPostCopy: false })
            return false;
        if (facts.Domain.RunTime is { IsHad: true, Value: { } ran } && ran >= HasRun)
            return false;
        return facts.Domain.LastJob is { IsHad: true, Value: { Operation: JobOperation.MigrationIn } } ? true : null;
    }

    private static bool? EncryptedCopyInIoThread(ReadinessFacts facts)
    {
        if (facts.Demand.Offline || facts.Demand.Tls is MigrationTls.Off)
            return false;
        var copied = DiskPlan.Of(facts).Moves.Where(move => move.Transfer is not DiskTransfer.None).Select(move => move.Target).ToHashSet();
        return facts.Devices("disk").Any(disk => copied.Contains((string?)disk.Element("target")?.Attribute("dev") ?? "") && HasIoThread(disk.Element("driver")));
    }

    private static bool HasIoThread(XElement? driver) => driver?.Attribute("iothread") is not null || driver?.Element("iothreads") is not null;
}
