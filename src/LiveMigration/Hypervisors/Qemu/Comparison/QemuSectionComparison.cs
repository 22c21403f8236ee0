using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Streams;
using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>Two QEMUs → how the state of their devices differs, section by section: what a migration would find, with no rule in between.</summary>
public static class QemuSectionComparison
{
    /// <summary>
    /// Has both QEMUs write the state of their devices, without memory, and compares the sections. A guest that runs is stopped for it, for some
    /// milliseconds. The files are written on the host of the QEMUs into a folder that only this user can read, and removed.
    /// </summary>
    /// <param name="source">The QEMU that a guest would leave.</param>
    /// <param name="destination">The QEMU that it would go to.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Every section: what is equal, too.</returns>
    /// <exception cref="LiveMigrationException">One of them is not on this machine, or does not write.</exception>
    public static async Task<IReadOnlyList<QemuDifference>> CompareSectionsAsync(this QemuProcess source, QemuProcess destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        foreach (var far in new[] { source, destination }.Where(process => !process.Address.IsLocal))
            throw new LiveMigrationException(Faults.NotSupported, $"{far.Address}: sections are compared of QEMUs whose monitors are UNIX sockets of this machine, as QEMU writes them into a file.", far.HostName);
        var folder = Directory.CreateTempSubdirectory("livemigration-");
        try
        {
            return Compare(await ReadAsync(source, folder, "source", cancellationToken).ConfigureAwait(false), await ReadAsync(destination, folder, "destination", cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Pure: the same lists differ in the same sections.</summary>
    internal static IReadOnlyList<QemuDifference> Compare(IReadOnlyList<StreamSection> source, IReadOnlyList<StreamSection> destination) =>
    [
        .. source.Select(section => destination.FirstOrDefault(other => other.Title == section.Title) is { } other
            ? Compare(section, other)
            : Verdicts.Missing($"section {section.Title}", Text(section), Fatal, $"QEMU refuses: Unknown savevm section or instance '{section.Name}' {section.InstanceId}.", "Start the destination with the device that has it.")),
        .. destination.Where(section => source.All(other => other.Title != section.Title))
            .Select(section => Verdicts.Extra($"section {section.Title}", Text(section), Dangerous, "QEMU accepts it, and has a device that the guest does not know.", "Start the destination without it.")),
    ];

    private static QemuDifference Compare(StreamSection source, StreamSection destination) =>
        source.Version > destination.Version
            ? Verdicts.Of($"section {source.Title}", Text(source), Text(destination), Fatal, "QEMU refuses: the version of its format is not supported.", "Start the destination with the source's machine type.")
            : Verdicts.Of(
                $"section {source.Title}", Text(source), Text(destination), Unknown,
                "The device writes another amount: it is configured otherwise, which QEMU refuses, or is only used otherwise, as by a guest that runs.", "Look at what is said of the device itself.");

    private static string Text(StreamSection section) => $"version {section.Version}, {section.Length} bytes";

    private static async Task<IReadOnlyList<StreamSection>> ReadAsync(QemuProcess process, DirectoryInfo folder, string name, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder.FullName, name);
        var monitor = await process.MonitorAsync(cancellationToken).ConfigureAwait(false);
        // To its end: a guest must not be left stopped, nor a file be written after its folder is gone.
        await monitor.SaveDevicesStateAsync(file, CancellationToken.None).ConfigureAwait(false);
        return MigrationStreamReader.Read(file, null, cancellationToken).Sections;
    }
}
