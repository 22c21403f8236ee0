using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Qemu;

/// <summary>What ends a migration between two QEMUs that was interrupted.</summary>
public sealed record QemuResumePlan
{
    /// <summary>The migration.</summary>
    public required QemuMigrationRecord Record { get; init; }

    /// <summary>The QEMU that the VM leaves.</summary>
    public required QemuProcess Source { get; init; }

    /// <summary>The QEMU that it goes to.</summary>
    public required QemuProcess Destination { get; init; }

    /// <summary>What is to be done.</summary>
    public QemuResumption Action { get; init; }

    /// <summary>Why.</summary>
    public string Why { get; init; } = "";

    /// <summary>What both said.</summary>
    public string States { get; init; } = "";

    /// <summary>Whether the user knows that the source has ended.</summary>
    internal bool SourceEnded { get; init; }

    /// <summary>Whether the user knows that the destination has.</summary>
    internal bool DestinationEnded { get; init; }

    /// <summary>Whether the source has ended, as far as is known or said.</summary>
    internal bool IsSourceGone { get; init; }

    /// <summary>Whether the destination has.</summary>
    internal bool IsDestinationGone { get; init; }

    internal QemuRecords Records { get; init; } = null!;

    /// <summary>For example <c>Start 'web1' at unix:/run/b.qmp, and end QEMU at unix:/run/a.qmp: the destination has everything</c>.</summary>
    public override string ToString() => $"{Action switch
    {
        QemuResumption.Follow => $"Follow the migration of '{Record.Name}' from {Record.Source} to {Record.Destination}, and hand it over",
        QemuResumption.StartDestination => $"Start '{Record.Name}' at {Record.Destination}, and end QEMU at {Record.Source}",
        QemuResumption.EndSource => $"End QEMU at {Record.Source}, which '{Record.Name}' has left for {Record.Destination}",
        QemuResumption.RollBack => $"Keep '{Record.Name}' at {Record.Source}, and end its migration to {Record.Destination}",
        QemuResumption.RecoverPostCopy => $"Resume the post-copy of '{Record.Name}' from {Record.Source} to {Record.Destination}",
        QemuResumption.Forget => $"Forget the migration of '{Record.Name}' from {Record.Source} to {Record.Destination}",
        _ => $"The migration of '{Record.Name}' from {Record.Source} to {Record.Destination} cannot be ended from here",
    }}: {Why}";

    /// <summary>The migration as it was planned, as far as its end needs it.</summary>
    internal QemuMigrationPlan ToPlan()
    {
        var fields = Records.First.Fields;
        var (capabilities, parameters) = (QemuBefore.Read(fields.Items("capabilities")), QemuBefore.Read(fields.Items("parameters")));
        var switches = capabilities.Where(pair => pair.Value is bool).ToDictionary(pair => pair.Key, pair => (bool)pair.Value);
        var files = fields.Items("files");
        Destination.MadeImages = fields.Items("images");
        return new QemuMigrationPlan
        {
            Source = Source,
            Destination = Destination,
            Options = new MigrationOptions
            {
                PostCopy = fields.Flag("post-copy"),
                StallTimeout = fields.Number("stall-timeout") is > 0 and var milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : MigrationOptions.Default.StallTimeout,
            },
            Uri = fields["uri"] ?? "",
            IncomingUri = fields["incoming"],
            TlsFolder = fields["tls"],
            Nonce = fields["nonce"] is { } nonce ? new QemuStreamNonce(nonce, fields["mapping"], fields["destination-mapping"]) : null,
            Before = new QemuFacts { Uuid = Record.Uuid, IsRunning = fields.Flag("running"), Capabilities = switches, Parameters = parameters },
            SourceCapabilities = switches,
            SourceParameters = parameters,
            Copies = [.. fields.Items("disks").Select((name, number) => new QemuDiskCopy(
                new QemuDisk(name, null, null, null, null, ReadOnly: false), new QemuDisk(name, null, number < files.Count ? files[number] : null, null, null, ReadOnly: false), number))],
        };
    }
}
