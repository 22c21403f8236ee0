using LiveMigration.Domains;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>What helps with a disk that the destination does not have: not every kind of disk is ever copied.</summary>
internal static class LeftDisk
{
    /// <summary>A command; null where none would help.</summary>
    internal static string? Fix(ReadinessFacts facts, string? target)
    {
        var disk = Of(facts, target);
        if (disk is { Removable: true })
            return FixCommand.Eject(facts, disk.Target);
        var isNeverCopied = disk is not null && !DiskPlanner.IsWritable(disk);
        return isNeverCopied || facts.Demand.Storage.Copy is CopyStorage.Full || DiskPlan.Overwrites(facts) ? null : FixCommand.Start(facts, "-CopyStorage Full");
    }

    /// <summary>What to do about it by hand, as a sentence; empty where a command does it.</summary>
    internal static string Words(ReadinessFacts facts, string? target) => Of(facts, target) switch
    {
        { Removable: true } or null => "",
        { Shareable: true } disk => $" A disk that several VMs write to is not copied: put it on storage that both hosts access, and name its path there with -DiskMap @{{ {disk.Target} = 'PATH' }}.",
        { Device: "lun" } disk => $" A LUN is not copied: present it to {facts.Destination.Name} as well, and name its path there with -DiskMap @{{ {disk.Target} = 'PATH' }}.",
        _ => "",
    };

    /// <summary>The disk; null where it is not known.</summary>
    internal static DomainDisk? Of(ReadinessFacts facts, string? target) =>
        facts.Fit.Disks is { IsHad: true, Value: var disks } ? disks.FirstOrDefault(one => one.Disk.Target == target)?.Disk : null;
}
