using LiveMigration.Units;

namespace LiveMigration.Security.Certificates;

/// <summary>A set of certificates, or what a host shows at an address, and all that is wrong with it.</summary>
public sealed record CertificateReport
{
    private readonly ItemList<string> _names = ItemList<string>.Empty;
    private readonly ItemList<CertificateFault> _faults = ItemList<CertificateFault>.Empty;

    /// <summary>The folder, or the address and port.</summary>
    public required string Target { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsValid => Faults.All(fault => fault.Kind is CertificateFaultKind.ExpiresSoon);

    /// <summary>The names and addresses of the server certificate.</summary>
    public IReadOnlyList<string> Names { get => _names; init => _names = ItemList<string>.Of(value); }

    /// <summary>Until when all of it is valid; null when there is nothing.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>What is wrong, and what puts it right.</summary>
    public IReadOnlyList<CertificateFault> Faults { get => _faults; init => _faults = ItemList<CertificateFault>.Of(value); }
}
