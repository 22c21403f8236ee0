namespace LiveMigration.Readiness.Gathering;

/// <summary>Where a host's QEMU has its certificates for migrations, as libvirt looks for them.</summary>
internal static class MigrationCertificates
{
    internal const string Own = "/etc/pki/libvirt-migrate";
    internal const string Common = "/etc/pki/qemu";

    /// <summary>Folders in which they may be.</summary>
    internal static IEnumerable<string> Folders(IReadOnlyDictionary<string, string> configuration)
    {
        string?[] named = [configuration.GetValueOrDefault("migrate_tls_x509_cert_dir"), Own, configuration.GetValueOrDefault("default_tls_x509_cert_dir"), Common];
        return named.OfType<string>().Distinct();
    }

    /// <summary>The one that libvirt takes: its own is passed over where there is none.</summary>
    internal static string Folder(IReadOnlyDictionary<string, string> configuration, IReadOnlyList<string> files) =>
        Folders(configuration).First(folder => folder is not Own || files.Any(file => file.StartsWith($"{Own}/", StringComparison.Ordinal)));

    /// <summary>Files that are not there.</summary>
    internal static IEnumerable<string> Missing(HostSnapshot host, params string[] names)
    {
        var files = host.CertificateFiles.Value;
        var folder = Folder(host.QemuConfiguration.Value, files);
        return names.Select(name => $"{folder}/{name}").Where(path => !files.Contains(path));
    }
}
