using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Readiness.Gathering;

namespace LiveMigration.Readiness;

/// <summary>All that is judged: what both hosts and the VM said, at one moment, and what is asked for.</summary>
internal sealed record ReadinessFacts
{
    /// <summary>The VM's name on the source.</summary>
    internal required string Name { get; init; }

    internal required Guid Uuid { get; init; }

    internal required HostSnapshot Source { get; init; }

    internal required HostSnapshot Destination { get; init; }

    internal required DomainSnapshot Domain { get; init; }

    /// <summary>What the destination says of this VM.</summary>
    internal required FitSnapshot Fit { get; init; }

    internal required MigrationDemand Demand { get; init; }

    internal ReadinessThresholds Thresholds { get; init; } = ReadinessThresholds.Default;

    internal ReadinessPlacement Placement { get; init; } = ReadinessPlacement.None;

    /// <summary>The domain's state now.</summary>
    internal LibvirtDomain State => Domain.State.Value;

    /// <summary>The definition as the source has it.</summary>
    internal XElement Xml => Domain.Xml.Value;

    /// <summary>The definition as the destination will have it.</summary>
    internal XElement TargetXml => Fit.TargetXml.Value;

    internal IEnumerable<XElement> Devices(string kind) => Xml.Elements("devices").Elements(kind);

    internal IEnumerable<XElement> TargetDevices(string kind) => TargetXml.Elements("devices").Elements(kind);
}
