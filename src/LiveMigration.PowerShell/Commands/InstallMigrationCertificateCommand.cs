using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Security.Certificates;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>certificates → where libvirt and QEMU read them.</summary>
[Cmdlet(VerbsLifecycle.Install, "MigrationCertificate", DefaultParameterSetName = "Path", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Install-MigrationCertificate.md")]
[OutputType(typeof(CertificateInstallation))]
public sealed class InstallMigrationCertificateCommand : HostCmdlet
{
    private string _path = "";

    /// <summary>The folder that New-MigrationCertificate filled.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>The same, without wildcards.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>On which hosts, over ssh; on this machine by default.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>The readers.</summary>
    [Parameter]
    public CertificateReader For { get; set; } = CertificateReader.All;

    private bool _installedHere;

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var paths = ParameterSetName == "Path" ? this.Expand(Path).ToArray() : [OutputFile.Locate(this, LiteralPath)];
        if (paths is not [var path])
            throw new LiveMigrationException(Faults.CertificatesNotFound, $"'{Path}' matches {(paths.Length == 0 ? "none" : string.Join(", ", paths))}: specify exactly one folder.");
        _path = path;
        if (HostName.Length == 0)
        {
            if (_installedHere && MyInvocation.ExpectingInput)
                throw new LiveMigrationException(CmdletFaults.MissingArgument, $"'{path}' is the second folder that is piped in without a host. Only one can be installed on this machine; name the host of each with -HostName.");
            _installedHere = true;
            await InstallAsync("localhost", null, output, cancellationToken);
            return;
        }

        foreach (var reference in HostName)
        {
            try
            {
                var (name, uri) = reference.Host is { } host ? (host.Name, host.Uri)
                    : HostSessions.Find(reference.Text) is { } connected ? (connected.Name, connected.Uri)
                    : Hosts.Locate(reference);
                await InstallAsync(name, uri, output, cancellationToken);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(reference.Text));
            }
        }
    }

    private async Task InstallAsync(string name, HostUri? uri, PipelineOutput output, CancellationToken cancellationToken)
    {
        var own = System.IO.Path.Combine(_path, name);
        var folder = Directory.Exists(own) ? own : _path;
        var what = $"the certificates of '{folder}' on {name}, for {For}";
        if (!await output.ShouldProcessAsync($"Install {what}.", $"Install {what}?"))
            return;
        await output.WriteObjectAsync(await CertificateInstallation.InstallAsync(folder, For, name, uri, cancellationToken));
    }
}
