using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Units;

namespace LiveMigration.Readiness;

/// <summary>Whether a VM can go to a host, and why not.</summary>
public sealed record ReadinessReport
{
    private readonly ItemList<ReadinessFinding> _findings = ItemList<ReadinessFinding>.Empty;

    /// <summary>The VM; null for one of a QEMU without libvirt.</summary>
    public LibvirtDomain? Domain { get; init; }

    /// <summary>The destination; null for a QEMU without libvirt.</summary>
    public LibvirtHost? DestinationHost { get; init; }

    /// <summary>The QEMU without libvirt that the VM leaves; null for a VM of libvirt.</summary>
    public QemuProcess? SourceProcess { get; init; }

    /// <summary>The QEMU without libvirt that it goes to; null for a VM of libvirt.</summary>
    public QemuProcess? DestinationProcess { get; init; }

    /// <summary>The VM's name.</summary>
    public string Name => Domain?.Name ?? SourceProcess?.Name ?? "";

    /// <summary>The VM's UUID.</summary>
    public Guid Uuid => Domain?.Uuid ?? SourceProcess?.Uuid ?? Guid.Empty;

    /// <summary>The name of the host where it is; of a QEMU its monitor, where both are on one host.</summary>
    public string Source => Domain?.HostName ?? Place(SourceProcess, DestinationProcess);

    /// <summary>The name of the host where it would go; of a QEMU its monitor, where both are on one host.</summary>
    public string Destination => DestinationHost?.Name ?? Place(DestinationProcess, SourceProcess);

    /// <summary>What the checks found, in the order of their ids.</summary>
    public required IReadOnlyList<ReadinessFinding> Findings { get => _findings; init => _findings = ItemList<ReadinessFinding>.Of(value); }

    /// <summary>When the hosts were asked.</summary>
    public required DateTimeOffset When { get; init; }

    /// <summary>How long that took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>
    /// Whether nothing that is known blocks the migration. A blocker that could not be evaluated blocks it, too; one that such a host never
    /// reports over this kind of connection does not: see <see cref="IsKnown"/>.
    /// </summary>
    public bool IsReady => !Findings.Any(finding => finding.Blocks);

    /// <summary>Whether every check could be evaluated; if not, <see cref="IsReady"/> is no proof.</summary>
    public bool IsKnown => Unknown.Count == 0;

    /// <summary>The overall result.</summary>
    public ReadinessVerdict Verdict =>
        Failed.Count > 0 ? ReadinessVerdict.NotReady
        : !IsReady ? ReadinessVerdict.Uncertain
        : Unknown.Any(finding => finding.Severity is CheckSeverity.Blocker) ? ReadinessVerdict.ReadyAsFarAsKnown
        : Warnings.Count > 0 ? ReadinessVerdict.ReadyWithWarnings
        : ReadinessVerdict.Ready;

    /// <summary>What blocks the migration.</summary>
    public IReadOnlyList<ReadinessFinding> Blockers => ItemList<ReadinessFinding>.Of(Findings.Where(finding => finding.Blocks).ToArray());

    /// <summary>What failed.</summary>
    public IReadOnlyList<ReadinessFinding> Failed => Of(CheckStatus.Fail);

    /// <summary>The findings with warnings.</summary>
    public IReadOnlyList<ReadinessFinding> Warnings => Of(CheckStatus.Warning);

    /// <summary>The findings that could not be evaluated.</summary>
    public IReadOnlyList<ReadinessFinding> Unknown => Of(CheckStatus.Unknown);

    /// <summary>The findings that passed.</summary>
    public IReadOnlyList<ReadinessFinding> Passed => Of(CheckStatus.Pass);

    /// <summary>Why no migration is begun: what failed, each with its remedy. Null when nothing did.</summary>
    public NotReadyException? ToException() =>
        Failed is [var first, ..] ? new NotReadyException(first.Fault, $"'{Name}' is not ready to migrate from {Source} to {Destination}. {Reasons}", this) : null;

    /// <summary>What failed, in a line; empty when nothing did.</summary>
    internal string Reasons => string.Join(
        " ", Failed.Select(finding => $"{finding.Id} {finding.Title}: {(finding.Subject is null ? "" : finding.Subject + ": ")}{finding.Evidence}{(finding.Fix is null ? "" : $" ({finding.Fix})")}"));

    /// <summary>For example <c>web: a → b: NotReady (LM044, LM046)</c>, or <c>web: a → b: Ready, 2 not known</c>.</summary>
    public override string ToString()
    {
        var ids = string.Join(", ", Blockers.Select(finding => finding.Id).Distinct());
        return $"{Name}: {Source} → {Destination}: {Verdict}{(ids.Length == 0 ? "" : $" ({ids})")}{(IsReady && !IsKnown ? $", {Unknown.Count} not known" : "")}";
    }

    private static string Place(QemuProcess? process, QemuProcess? other) => process is null || other is null ? "" : process.PlaceBeside(other);

    private ItemList<ReadinessFinding> Of(CheckStatus status) => ItemList<ReadinessFinding>.Of(Findings.Where(finding => finding.Status == status).ToArray());
}
