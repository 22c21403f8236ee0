namespace LiveMigration.Security.Certificates;

/// <summary>For whom certificates are to be made.</summary>
public sealed record HostCertificateRequest
{
    /// <summary>The host; also the name of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>Every name and address by which it is reached.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Which ones.</summary>
    public IReadOnlyList<CertificateRole> Roles { get; init; } = [CertificateRole.Server, CertificateRole.Client];

    /// <summary>The kind of the keys.</summary>
    public CertificateKey Key { get; init; }

    /// <summary>How long they are valid.</summary>
    public int ValidDays { get; init; } = 825;

    /// <summary>Whether certificates that are there may be replaced.</summary>
    public bool Replace { get; init; }

    /// <summary>
    /// Every name and address by which a host may be reached: those given, the short forms of the names, and the addresses that this
    /// machine's resolver knows.
    /// </summary>
    /// <param name="given">What is known of it.</param>
    /// <param name="lookUp">Whether to ask the resolver.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<IReadOnlyList<string>> ExpandNamesAsync(IEnumerable<string> given, bool lookUp = true, CancellationToken cancellationToken = default) =>
        CertificateNames.ExpandAsync(given, lookUp, cancellationToken);
}
