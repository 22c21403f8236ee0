using LiveMigration.Units;

namespace LiveMigration.Hosts.Maintenance;

/// <summary>
/// The maintenance of a host, as the host itself keeps it: every user on every machine sees the same, and it outlives reboots of the host and of the
/// client that began it.
/// </summary>
public sealed record HostMaintenance
{
    private readonly ItemList<HostedDomain> _domains = ItemList<HostedDomain>.Empty;

    /// <summary>The name under which the host is connected.</summary>
    public required string HostName { get; init; }

    /// <summary>Whether the host takes VMs.</summary>
    public HostMaintenanceState State { get; init; }

    /// <summary>When it began, by the clock of the client that began it.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When it should be over; null where nobody said. The host stays in maintenance after that.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What it is for; null where nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>Who began it: <c>user@machine</c>. Null where that is not known.</summary>
    public string? By { get; init; }

    /// <summary>The id of the evacuation that emptied the host last, on the machine that carried it out; null where none did.</summary>
    public string? Evacuation { get; init; }

    /// <summary>The domains that ran on the host when it began: those that it brings back.</summary>
    public IReadOnlyList<HostedDomain> Domains { get => _domains; init => _domains = ItemList<HostedDomain>.Of(value); }

    /// <summary>Whether it should be over by now.</summary>
    public bool IsOverdue => Until < DateTimeOffset.UtcNow;

    /// <summary>For example <c>InMaintenance since 2026-12-31 22:59 by root@kvm-admin (BIOS update)</c>.</summary>
    public override string ToString() =>
        $"{State} since {Since.LocalDateTime:yyyy-MM-dd HH:mm}{(By is null ? "" : $" by {By}")}{(Until is { } until ? $" until {until.LocalDateTime:yyyy-MM-dd HH:mm}" : "")}{(Reason is null ? "" : $" ({Reason})")}";
}
