using LiveMigration.Monitoring.Policies.Rules;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>
/// Proxmox VE's: the downtime is doubled each time that what remains was seen to grow more often than
/// <see cref="Tolerated"/>.
/// </summary>
/// <remarks>qemu-server PVE/QemuMigrate.pm, <c>phase2</c></remarks>
public sealed record DoublingDowntime : DowntimeSchedule
{
    /// <summary>The downtime at the beginning.</summary>
    public Duration Initial { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The downtime that is never exceeded; Proxmox knows no bound but QEMU's own 2,000 s.</summary>
    public Duration Max { get; init; } = Most;

    /// <summary>How often more may remain than at the look before; the next time doubles the downtime.</summary>
    public int Tolerated { get; init; } = 5;

    /// <summary>How often it looks. Near the end it looks every 100 ms.</summary>
    public Duration Interval { get; init; } = TimeSpan.FromSeconds(1);

    internal override ConvergenceRule Start(double dataSize) => new DoublingDowntimeRule(this);
}
