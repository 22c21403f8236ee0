using LiveMigration.Units;

namespace LiveMigration.Security.Certificates;

/// <summary>The certificates in a folder, or the one that a host presents at an address, and their problems.</summary>
public sealed record CertificateReport
{
    private readonly ItemList<string> _names = ItemList<string>.Empty;
    private readonly ItemList<CertificateFault> _faults = ItemList<CertificateFault>.Empty;

    /// <summary>The folder, or the address and port.</summary>
    public required string Target { get; init; }

    /// <summary>Whether there are no problems.</summary>
    public bool IsValid => Faults.All(fault => fault.Kind is CertificateFaultKind.ExpiresSoon);

    /// <summary>The names and addresses of the server certificate.</summary>
    public IReadOnlyList<string> Names { get => _names; init => _names = ItemList<string>.Of(value); }

    /// <summary>When the first certificate expires; null if there is none.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>What is wrong, and the fix.</summary>
    public IReadOnlyList<CertificateFault> Faults { get => _faults; init => _faults = ItemList<CertificateFault>.Of(value); }
}
