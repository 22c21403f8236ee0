using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Security.Certificates;

/// <summary>What was installed on a host.</summary>
public sealed record CertificateInstallation
{
    private readonly ItemList<string> _written = ItemList<string>.Empty;
    private readonly ItemList<string> _unchanged = ItemList<string>.Empty;
    private readonly ItemList<string> _backups = ItemList<string>.Empty;

    private const string LibvirtServer = "/servercert.pem";

    /// <summary>The host.</summary>
    public required string HostName { get; init; }

    /// <summary>Files that are new or changed.</summary>
    public IReadOnlyList<string> Written { get => _written; init => _written = ItemList<string>.Of(value); }

    /// <summary>Files that were already the same.</summary>
    public IReadOnlyList<string> Unchanged { get => _unchanged; init => _unchanged = ItemList<string>.Of(value); }

    /// <summary>Backups of the previous files.</summary>
    public IReadOnlyList<string> Backups { get => _backups; init => _backups = ItemList<string>.Of(value); }

    /// <summary>What is left to do on the host; null if nothing.</summary>
    public string? Reload => Written.Any(path => path.EndsWith(LibvirtServer, StringComparison.Ordinal))
        ? "Reload the certificates in libvirt's daemon: 'virt-admin server-update-tls libvirtd', or restart libvirtd (or virtproxyd, if the host uses it). QEMU reads its files with the next migration."
        : null;

    /// <summary>Installs a folder of certificates.</summary>
    /// <param name="folder">The host's folder, as <see cref="CertificateFolder"/> makes it.</param>
    /// <param name="readers">The readers.</param>
    /// <param name="name">The host's name for messages.</param>
    /// <param name="host">The host to reach by ssh; null for this machine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Errors.LiveMigrationException">The folder has none, or the host denies access.</exception>
    public static async Task<CertificateInstallation> InstallAsync(
        string folder, CertificateReader readers, string name, HostUri? host = null, CancellationToken cancellationToken = default)
    {
        var script = InstallationScript.Write(folder, readers, TimeProvider.System.GetUtcNow());
        var shell = host is null ? HostShell.Local : HostShell.Over(name, host);
        var answer = await shell.RunAsync(script, cancellationToken).ConfigureAwait(false);
        var lines = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(line => line.Length == 3).ToArray();
        return new CertificateInstallation
        {
            HostName = name,
            Written = lines.Where(line => line[0] == "Written").Select(line => line[1]).ToArray(),
            Unchanged = lines.Where(line => line[0] == "Unchanged").Select(line => line[1]).ToArray(),
            Backups = lines.Where(line => line[2].Length > 0).Select(line => line[2]).ToArray(),
        };
    }
}
