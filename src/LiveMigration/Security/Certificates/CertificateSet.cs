using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LiveMigration.Security.Certificates;

/// <summary>The certificates of one host in a folder: as New-MigrationCertificate and QEMU name the files, or as libvirt does.</summary>
internal static class CertificateSet
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly string[] Authority = ["ca-cert.pem", "cacert.pem", "CA/cacert.pem", "../CA/cacert.pem"];

    /// <summary>Looks at all files and at what they are to each other.</summary>
    internal static CertificateReport Check(string folder, IReadOnlyList<string> addresses, DateTimeOffset now)
    {
        var faults = new List<CertificateFault>();
        using var authority = Load(folder, "The CA certificate", Authority, faults);
        var checks = new CertificateChecks(authority, now);
        faults.AddRange(checks.Authority());
        var ends = new List<DateTimeOffset>();
        IReadOnlyList<string> names = [];
        if (authority is not null)
            ends.Add(authority.NotAfter);
        foreach (var role in Roles(folder))
        {
            var word = role.ToString().ToLowerInvariant();
            using var certificate = Load(folder, $"The {word} certificate", [$"{word}-cert.pem", $"{word}cert.pem", $"libvirt/{word}cert.pem"], faults);
            if (certificate is null)
                continue;
            faults.AddRange(checks.Of($"The {word} certificate", certificate, role, role is CertificateRole.Server ? addresses : []));
            ends.Add(certificate.NotAfter);
            if (role is CertificateRole.Server)
                names = CertificateNames.Read(certificate);
            CheckKey(folder, word, certificate, faults);
        }

        return new CertificateReport { Target = folder, Names = names, NotAfter = ends.Count == 0 ? null : ends.Min(), Faults = faults };
    }

    /// <summary>A machine that only connects has no server certificate; every other folder should have both.</summary>
    private static CertificateRole[] Roles(string folder) =>
        Find(folder, "server-cert.pem", "servercert.pem", "libvirt/servercert.pem", "server-key.pem") is null
            && Find(folder, "client-cert.pem", "clientcert.pem") is not null
            ? [CertificateRole.Client]
            : [CertificateRole.Server, CertificateRole.Client];

    private static X509Certificate2? Load(string folder, string what, string[] names, List<CertificateFault> faults)
    {
        var path = Find(folder, names);
        if (path is null)
        {
            faults.Add(new(CertificateFaultKind.Missing, $"{what} is missing in '{folder}' ({names[0]}).", "Install it with Install-MigrationCertificate."));
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(path));
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            faults.Add(new(CertificateFaultKind.Unreadable, $"{what} cannot be read from '{path}': {error.Message}", "Check the file and its permissions."));
            return null;
        }
    }

    private static void CheckKey(string folder, string word, X509Certificate2 certificate, List<CertificateFault> faults)
    {
        var path = Find(folder, $"{word}-key.pem", $"{word}key.pem", $"private/{word}key.pem", $"libvirt/private/{word}key.pem");
        if (path is null)
        {
            faults.Add(new(CertificateFaultKind.Missing, $"The {word} key is missing in '{folder}' ({word}-key.pem).", "Install it with Install-MigrationCertificate."));
            return;
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            faults.Add(new(CertificateFaultKind.WrongFileMode, $"'{path}' is readable by users other than its owner.", $"chmod 600 '{path}'"));
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), File.ReadAllText(path));
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            faults.Add(new(CertificateFaultKind.OtherKey, $"'{path}' is not the key of the {word} certificate.", "Install both together with Install-MigrationCertificate."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add(new(CertificateFaultKind.Unreadable, $"'{path}' cannot be read: {error.Message}", "Check its permissions."));
        }
    }

    private static string? Find(string folder, params string[] names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
