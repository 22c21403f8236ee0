using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LiveMigration.Units;

namespace LiveMigration.Security.Certificates;

/// <summary>A certificate and where it is; never its key.</summary>
public sealed record MigrationCertificate
{
    private readonly ItemList<string> _names = ItemList<string>.Empty;

    /// <summary>Whose it is: the host's name, or the CA's.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required CertificateRole Role { get; init; }

    /// <summary>The certificate's file.</summary>
    public required string Path { get; init; }

    /// <summary>The key's file, readable by its owner alone.</summary>
    public required string KeyPath { get; init; }

    /// <summary>The names and addresses in it.</summary>
    public IReadOnlyList<string> Names { get => _names; init => _names = ItemList<string>.Of(value); }

    /// <summary>From when it is valid.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The kind of its key, for example <c>RSA 3072</c>.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 over the certificate, to compare by.</summary>
    public required string Fingerprint { get; init; }

    internal static MigrationCertificate Describe(string name, CertificateRole role, string path, string keyPath, X509Certificate2 certificate) => new()
    {
        Name = name,
        Role = role,
        Path = path,
        KeyPath = keyPath,
        Names = CertificateNames.Read(certificate),
        NotBefore = certificate.NotBefore,
        NotAfter = certificate.NotAfter,
        Key = KeyOf(certificate),
        Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256),
    };

    internal static string KeyOf(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return rsa is not null ? $"RSA {rsa.KeySize}" : ecdsa is not null ? $"ECDSA {ecdsa.KeySize}" : certificate.PublicKey.Oid.FriendlyName ?? "unknown";
    }
}
