using System.Globalization;
using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What only a look at the host itself tells, and not libvirt: on this machine, or by the ssh over which it is connected.</summary>
/// <param name="Configuration">QEMU's configuration for libvirt, by key, as far as it is set; null where our user may not read it.</param>
/// <param name="CertificateFiles">Files in the folders where QEMU may have its certificates; null where our user may not list one of them.</param>
/// <param name="Clock">How far the host's clock is ahead of ours.</param>
/// <param name="Machine">Its network, and its TPM emulator.</param>
internal sealed record HostLook(IReadOnlyDictionary<string, string>? Configuration, IReadOnlyList<string>? CertificateFiles, TimeSpan Clock, MachineLook Machine)
{
    private const string Unreadable = "!unreadable";
    private const string Unlisted = "!unlisted";

    /// <summary>A listed file begins with a slash, and no setting does. It runs as the user who logged in: reading needs no root.</summary>
    private static readonly string Script = $$"""
        date +%s.%N
        if [ -r {{QemuConfiguration.Path}} ]; then
            sed -n -E 's/^[[:space:]]*(({{string.Join('|', QemuConfiguration.Keys)}})[[:space:]]*=.*)/\1/p' {{QemuConfiguration.Path}}
            named=$(sed -n 's/^[[:space:]]*[a-z]*_tls_x509_cert_dir[[:space:]]*=[[:space:]]*"\([^"]*\)".*/\1/p' {{QemuConfiguration.Path}})
        elif [ -e {{QemuConfiguration.Path}} ] || { [ -d /etc/libvirt ] && [ ! -x /etc/libvirt ]; }; then echo '{{Unreadable}}'; fi
        IFS='
        '
        for folder in {{MigrationCertificates.Own}} {{MigrationCertificates.Common}} $named; do
            above=${folder%/*}
            if [ -d "$folder" ]; then if [ ! -r "$folder" ] || [ ! -x "$folder" ]; then echo '{{Unlisted}}'; fi
            elif [ -d "$above" ] && [ ! -x "$above" ]; then echo '{{Unlisted}}'; fi
            for file in "$folder"/*; do if [ -e "$file" ]; then echo "$file"; fi; done
        done
        {{MachineLook.Script}}
        """;

    /// <summary>The configuration, or why it is not known.</summary>
    internal IReadOnlyDictionary<string, string> ConfigurationOf(string host) => Configuration
        ?? throw new MissingFactException($"This user is not allowed to read {QemuConfiguration.Path} on {host}; connect as root to check it.", untold: true);

    /// <summary>The files, or why they are not known.</summary>
    internal IReadOnlyList<string> FilesOf(string host) => CertificateFiles
        ?? throw new MissingFactException($"This user is not allowed to list a folder of certificates on {host}; connect as root to check them.", untold: true);

    /// <summary>Looks; a host into which we cannot look tells nothing, and that is no fault of it.</summary>
    internal static async Task<HostLook> AtAsync(LibvirtHost host, bool blockersOnly, CancellationToken cancellationToken)
    {
        if (host.Uri is { IsLocal: true, IsInProcess: false } && OperatingSystem.IsLinux())
            return Own(blockersOnly ? MachineLook.None : await MachineLook.HereAsync(host, cancellationToken).ConfigureAwait(false));
        if (host.Uri.Transport is not "ssh" || blockersOnly)
            throw new MissingFactException($"This can be read only on {host.Name} itself, or over qemu+ssh.", untold: true);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Question.ShellPatience);
        try
        {
            var before = DateTimeOffset.UtcNow;
            var said = await HostShell.AsUser(host.Name, host.Uri).RunAsync(Script, patience.Token).ConfigureAwait(false);
            var now = before + ((DateTimeOffset.UtcNow - before) / 2);
            var end = said.IndexOf('\n', StringComparison.Ordinal);
            var there = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(double.Parse(said.AsSpan(0, end), CultureInfo.InvariantCulture));
            var files = said.Split('\n').Where(line => line.StartsWith('/')).Distinct().ToArray();
            var lines = said[end..];
            var configuration = lines.Contains($"\n{Unreadable}\n", StringComparison.Ordinal) ? null : QemuConfiguration.Parse(lines);
            return new HostLook(configuration, lines.Contains($"\n{Unlisted}\n", StringComparison.Ordinal) ? null : files, there - now, MachineLook.Parse(lines));
        }
        catch (Exception error) when (error is LiveMigrationException or FormatException or ArgumentOutOfRangeException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new MissingFactException($"{host.Name} could not be examined over ssh: {error.Message}", untold: true);
        }
    }

    private static HostLook Own(MachineLook machine)
    {
        try
        {
            var configuration = QemuConfiguration.Parse(File.Exists(QemuConfiguration.Path) ? File.ReadAllText(QemuConfiguration.Path) : "");
            var folders = MigrationCertificates.Folders(configuration).Where(Directory.Exists);
            return new HostLook(configuration, [.. folders.SelectMany(Directory.EnumerateFiles)], TimeSpan.Zero, machine);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MissingFactException(error.Message, untold: true);
        }
    }
}
