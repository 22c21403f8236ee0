using LiveMigration.Errors;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM082: libvirt makes images in folders only; what is copied to a device overwrites it.</summary>
internal sealed class NoDeviceOverwritten() : ImageCheck("LM082", "Only explicitly named block devices are overwritten", Faults.BlockDeviceDestination)
{
    private protected override string Evidence(DiskMove move, string destination) =>
        $"The disk is copied to {move.Destination}.";

    private protected override string Fix(ReadinessFacts facts, Fault reason) =>
        $"-DiskMap @{{ {string.Join("; ", Devices(facts).Select(disk => $"{disk.Disk.Target} = {FixCommand.Literal(disk.DestinationPath!)}"))} }}";

    /// <summary>To name a device is to say that it may be overwritten.</summary>
    private static IEnumerable<DiskFacts> Devices(ReadinessFacts facts) =>
        facts.Fit.Disks.Value.Where(disk => disk is { DestinationPath: not null, GoesToDevice: true });
}
