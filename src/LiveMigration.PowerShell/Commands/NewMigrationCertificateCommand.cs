using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Security.Certificates;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts → a CA and their certificates, as files.</summary>
[Cmdlet(VerbsCommon.New, "MigrationCertificate", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = OnlineHelp.Pages + "New-MigrationCertificate.md")]
[OutputType(typeof(MigrationCertificate))]
public sealed class NewMigrationCertificateCommand : HostCmdlet
{
    private CertificateFolder? _folder;
    private string _path = "";

    /// <summary>For which hosts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>The folder of the CA.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>More names and addresses by which the host is reached.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    /// <summary>Only to connect with.</summary>
    [Parameter]
    public SwitchParameter ClientOnly { get; set; }

    /// <summary>The kind of the keys.</summary>
    [Parameter]
    public CertificateKey KeyAlgorithm { get; set; }

    /// <summary>How long the hosts' certificates are valid.</summary>
    [Parameter]
    [ValidateRange(1, 36_500)]
    public int ValidDays { get; set; } = 825;

    /// <summary>The name of a CA that is made.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string AuthorityName { get; set; } = "LiveMigration CA";

    /// <summary>Do not ask this machine's resolver for the hosts' addresses.</summary>
    [Parameter]
    public SwitchParameter NoLookup { get; set; }

    /// <summary>Replace existing certificates; never the CA.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private async Task BeginFolderAsync(PipelineOutput output)
    {
        if (_folder is not null)
            return;
        _path = OutputFile.Locate(this, Path);
        _folder = new CertificateFolder(_path);
        if (_folder.HasAuthority || !await output.ShouldProcessAsync($"Create the CA '{AuthorityName}' in '{_path}'.", $"Create the CA '{AuthorityName}' in '{_path}'?"))
            return;
        // Twice as long as what it vouches for: hosts are renewed more often than all of them at once.
        var days = Math.Max(3650, 2 * ValidDays);
        if (_folder.MakeAuthority(AuthorityName, KeyAlgorithm, days, TimeProvider.System.GetUtcNow()) is { } made)
            await output.WriteObjectAsync(made);
    }

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Address.Length > 0 && HostName.Length > 1)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"-Address is for a single host, but {HostName.Length} were specified.");
        await BeginFolderAsync(output);
        foreach (var reference in HostName)
        {
            try
            {
                await MakeAsync(reference, output, cancellationToken);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(reference.Text));
            }
        }
    }

    private async Task MakeAsync(HostReference reference, PipelineOutput output, CancellationToken cancellationToken)
    {
        var (name, known) = await Hosts.NamesAsync(reference, cancellationToken);
        var names = ClientOnly ? [] : await HostCertificateRequest.ExpandNamesAsync([.. known, .. Address], !NoLookup, cancellationToken);
        var request = new HostCertificateRequest
        {
            Name = name,
            Names = names,
            Roles = ClientOnly ? [CertificateRole.Client] : [CertificateRole.Server, CertificateRole.Client],
            Key = KeyAlgorithm,
            ValidDays = ValidDays,
            Replace = Force,
        };
        var what = ClientOnly ? $"a client certificate for '{name}'" : $"a server and a client certificate for '{name}' ({string.Join(", ", names)})";
        if (await output.ShouldProcessAsync($"Create {what}, valid for {ValidDays} days, in '{_path}'.", $"Create {what}?"))
            await output.WriteObjectsAsync(_folder!.Make(request, TimeProvider.System.GetUtcNow()));
    }
}
