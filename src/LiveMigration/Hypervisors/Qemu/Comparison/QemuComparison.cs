using LiveMigration.Tracing;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>Two QEMUs → whether they were started alike. What could not be asked is Unknown, and never counts as equal.</summary>
public static class QemuComparison
{
    /// <summary>What a QEMU has not answered by then is unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks both QEMUs what they are, and compares. Nothing is changed. What one does not answer within 30 seconds is unknown.</summary>
    /// <param name="source">The QEMU that a guest would leave.</param>
    /// <param name="destination">The QEMU that it would go to; it may wait for it already, or run.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Everything that was compared: what is equal, too.</returns>
    /// <exception cref="Errors.LiveMigrationException">One of them does not answer.</exception>
    public static async Task<IReadOnlyList<QemuDifference>> CompareAsync(this QemuProcess source, QemuProcess destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        var both = await Task.WhenAll(ConfigurationAsync(source, cancellationToken), ConfigurationAsync(destination, cancellationToken)).ConfigureAwait(false);
        var compared = Compare(both[0], both[1]);
        Tracer.Say($"Compared {source.Address} with {destination.Address}: {compared.Count(one => one.Verdict is not QemuDifferenceVerdict.Equal)} differences, {compared.Count(one => one.Verdict is QemuDifferenceVerdict.Fatal)} fatal.");
        return compared;
    }

    /// <summary>Pure: the same configurations differ in the same things.</summary>
    internal static IReadOnlyList<QemuDifference> Compare(QemuConfiguration source, QemuConfiguration destination)
    {
        var devices = DeviceRules.Compare(source, destination);
        return
        [
            .. MachineRules.Compare(source.Facts, destination.Facts),
            .. MachineFlagRules.Compare(source, destination),
            .. CpuRules.Compare(source, destination),
            .. devices.Found,
            .. PciRules.Compare(source, destination, devices.Places),
            .. BoardRules.Compare(source, destination),
            .. RamRules.Compare(source, destination, devices.Places),
            .. DiskRules.Compare(source.Facts, destination.Facts),
        ];
    }

    private static async Task<QemuConfiguration> ConfigurationAsync(QemuProcess process, CancellationToken cancellationToken)
    {
        await process.RefreshAsync(cancellationToken).ConfigureAwait(false);
        var monitor = await process.MonitorAsync(cancellationToken).ConfigureAwait(false);
        using var enough = new CancellationTokenSource(Patience);
        return await QemuConfiguration.AskAsync(monitor, process.Facts, enough.Token, cancellationToken).ConfigureAwait(false);
    }
}
