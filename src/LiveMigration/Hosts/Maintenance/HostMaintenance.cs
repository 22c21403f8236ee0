using System.Globalization;
using LiveMigration.Units;

namespace LiveMigration.Hosts.Maintenance;

/// <summary>
/// The maintenance of a host, as the host itself keeps it: every user on every machine sees the same, and it outlives reboots of the host and of the
/// client that began it.
/// </summary>
public sealed record HostMaintenance
{
    private readonly ItemList<HostedDomain> _domains = ItemList<HostedDomain>.Empty;
    private readonly ItemList<string> _evacuations = ItemList<string>.Empty;

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

    /// <summary>The ids of the evacuations that emptied the host, on the machines that carried them out; the latest is the last.</summary>
    public IReadOnlyList<string> Evacuations { get => _evacuations; init => _evacuations = ItemList<string>.Of(value); }

    /// <summary>The domains that ran on the host when it began: those that it brings back.</summary>
    public IReadOnlyList<HostedDomain> Domains { get => _domains; init => _domains = ItemList<HostedDomain>.Of(value); }

    /// <summary>Whether it should be over by now.</summary>
    public bool IsOverdue => Until < DateTimeOffset.UtcNow;

    /// <summary>Which beginning this is: the same host may be put into maintenance once more, by somebody else.</summary>
    internal Guid Token { get; init; }

    /// <summary>Why its mark cannot be read; null when it can.</summary>
    internal string? Problem { get; init; }

    /// <summary>For example <c>InMaintenance since 2026-12-31 22:59 by root@kvm-admin (BIOS update)</c>.</summary>
    public override string ToString() => Problem is null
        ? $"{State} since {Text(Since)}{(By is null ? "" : $" by {By}")}{(Until is { } until ? $" until {Text(until)}{(IsOverdue ? ", overdue" : "")}" : "")}{(Reason is null ? "" : $" ({Reason})")}"
        : $"{State}, {Problem}";

    private static string Text(DateTimeOffset time) => time.LocalDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
