using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LiveMigration.Errors;

namespace LiveMigration.Security.Certificates;

/// <summary>A folder with a CA and the certificates that it made: one folder below for each host, with the files' names of QEMU.</summary>
/// <param name="path">The folder.</param>
public sealed class CertificateFolder(string path)
{
    internal const string AuthorityFile = "ca-cert.pem";
    private const string AuthorityKeyFile = "ca-key.pem";

    private string AuthorityPath => System.IO.Path.Combine(path, AuthorityFile);

    private string AuthorityKeyPath => System.IO.Path.Combine(path, AuthorityKeyFile);

    /// <summary>Whether there is a CA already.</summary>
    public bool HasAuthority => File.Exists(AuthorityPath);

    /// <summary>Makes a CA, unless there is one: a new one would make all certificates of the old one worthless.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="key">The kind of its key.</param>
    /// <param name="days">How long it is valid.</param>
    /// <param name="now">The time.</param>
    /// <returns>The CA that was made; null when there was one.</returns>
    public MigrationCertificate? MakeAuthority(string name, CertificateKey key, int days, DateTimeOffset now)
    {
        if (HasAuthority)
            return null;
        CertificateFile.MayWrite([AuthorityKeyPath], replace: false);
        using var authority = CertificateAuthority.Create(name, key, CertificateValidity.Days(days, now));
        CertificateFile.Write(AuthorityKeyPath, authority.ExportKey(), secret: true);
        CertificateFile.Write(AuthorityPath, authority.Certificate.ExportCertificatePem() + "\n", secret: false);
        return MigrationCertificate.Describe(name, CertificateRole.Authority, AuthorityPath, AuthorityKeyPath, authority.Certificate);
    }

    /// <summary>Makes a host's certificates: one to be connected to and one to connect.</summary>
    /// <param name="request">The host and its certificates.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="LiveMigrationException">There are some, or there is no CA.</exception>
    public IReadOnlyList<MigrationCertificate> Make(HostCertificateRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Make(request, CertificateValidity.Days(request.ValidDays, now));
    }

    internal IReadOnlyList<MigrationCertificate> Make(HostCertificateRequest request, CertificateValidity validity)
    {
        var folder = FolderOf(request.Name);
        var files = request.Roles
            .Select(role => (Role: role, Path: Named($"{role.ToString().ToLowerInvariant()}-cert.pem"), Key: Named($"{role.ToString().ToLowerInvariant()}-key.pem")))
            .ToArray();
        CertificateFile.MayWrite(files.SelectMany(file => new[] { file.Path, file.Key }), request.Replace);
        using var authority = LoadAuthority();
        var made = new List<MigrationCertificate>();
        foreach (var (role, file, keyFile) in files)
        {
            var (certificate, key) = authority.Issue(request.Name, role, request.Names, request.Key, validity);
            using (certificate)
            {
                CertificateFile.Write(keyFile, key, secret: true);
                CertificateFile.Write(file, certificate.ExportCertificatePem() + "\n", secret: false);
                made.Add(MigrationCertificate.Describe(request.Name, role, file, keyFile, certificate));
            }
        }

        CertificateFile.Write(Named(AuthorityFile), authority.Certificate.ExportCertificatePem() + "\n", secret: false);
        return made;

        // A machine that only connects is libvirt's client and runs no QEMU: its folder is fit for pkipath.
        string Named(string file) => System.IO.Path.Combine(folder, request.Roles is [CertificateRole.Client] ? CertificatePlace.LibvirtName(file) : file);
    }

    /// <summary>A host's folder. The name is one path segment, so that it stays within this folder.</summary>
    private string FolderOf(string host) =>
        host.Length > 0 && host is not ("." or "..") && host.IndexOfAny(['/', '\\', '\0']) < 0
            ? System.IO.Path.Combine(path, host)
            : throw new LiveMigrationException(Faults.CertificateNotWritable, $"'{host}' cannot be the name of a host's folder in '{path}'.");

    private CertificateAuthority LoadAuthority()
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(AuthorityPath));
            var pem = File.ReadAllText(AuthorityKeyPath);
            var isRsa = certificate.GetKeyAlgorithm() == "1.2.840.113549.1.1.1";
            AsymmetricAlgorithm key = isRsa ? RSA.Create() : ECDsa.Create();
            key.ImportFromPem(pem);
            return new CertificateAuthority(certificate, key);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new LiveMigrationException(Faults.CertificateUnusable, $"The CA in '{path}' cannot be used: {error.Message}", innerException: error);
        }
    }
}
