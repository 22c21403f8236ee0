using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LiveMigration.Errors;

namespace LiveMigration.Security.Certificates;

/// <summary>certificates → what is wrong with them.</summary>
public static class CertificateReview
{
    /// <summary>Where libvirt's daemon listens for TLS.</summary>
    public const int LibvirtPort = CertificateHandshake.LibvirtPort;

    /// <summary>Looks at the files of a host.</summary>
    /// <param name="folder">A folder that New-MigrationCertificate made, <c>/etc/pki/qemu</c>, <c>/etc/pki/libvirt</c>, or what <c>pkipath</c> names.</param>
    /// <param name="addresses">The names and addresses by which the host is reached.</param>
    public static CertificateReport Check(string folder, IReadOnlyList<string> addresses) => Directory.Exists(folder)
        ? CertificateSet.Check(folder, addresses, TimeProvider.System.GetUtcNow())
        : throw new LiveMigrationException(Faults.CertificatesNotFound, $"The folder '{folder}' does not exist.");

    /// <summary>Looks at what libvirt's daemon shows at an address.</summary>
    /// <param name="address">The name or address, as it is used.</param>
    /// <param name="authorityPath">The certificate of the CA that is trusted; null looks at the rest only.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<CertificateReport> ShakeHandsAsync(
        string address, string? authorityPath = null, int port = LibvirtPort, CancellationToken cancellationToken = default)
    {
        using var authority = authorityPath is null ? null : Load(authorityPath);
        return await CertificateHandshake.CheckAsync(address, port, authority, TimeProvider.System.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }

    private static X509Certificate2 Load(string path)
    {
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new LiveMigrationException(Faults.CertificatesNotFound, $"The CA certificate cannot be read from '{path}': {error.Message}", innerException: error);
        }
    }
}
