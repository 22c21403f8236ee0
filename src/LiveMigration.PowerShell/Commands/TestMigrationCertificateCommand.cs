using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Security.Certificates;

namespace LiveMigration.PowerShell.Commands;

/// <summary>certificates, as files or as a host shows them → what is wrong with them.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MigrationCertificate", DefaultParameterSetName = "Files",
    HelpUri = OnlineHelp.Pages + "Test-MigrationCertificate.md")]
[OutputType(typeof(CertificateReport))]
public sealed class TestMigrationCertificateCommand : HostCmdlet
{
    /// <summary>Folders with the certificates of a host.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Files")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, without wildcards.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralFiles")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Hosts to make a TLS handshake with.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Live")]
    [Alias("Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>More names and addresses by which the host is reached.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    /// <summary>The CA that is trusted.</summary>
    [Parameter(ParameterSetName = "Live")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? AuthorityPath { get; set; }

    /// <summary>The port for the TLS handshake.</summary>
    [Parameter(ParameterSetName = "Live")]
    [ValidateRange(1, 65_535)]
    public int Port { get; set; } = CertificateReview.LibvirtPort;

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var path in Path)
        {
            // A test that says nothing would be taken for one that found nothing wrong.
            if (this.Expand(path).ToArray() is { Length: > 0 } folders)
                await CheckAsync(folders, output);
            else
                await output.WriteErrorAsync(new LiveMigrationException(Faults.CertificatesNotFound, $"'{path}' matches no folder.").ToErrorRecord(path));
        }

        await CheckAsync(LiteralPath.Select(path => OutputFile.Locate(this, path)), output);
        var authority = AuthorityPath is null ? null : this.ToFile(AuthorityPath, Faults.CertificatesNotFound);
        foreach (var reference in HostName)
        {
            foreach (var address in Addresses(reference))
                await WriteAsync(reference.Text, () => CertificateReview.ShakeHandsAsync(address, authority, Port, cancellationToken), output);
        }
    }

    private async Task CheckAsync(IEnumerable<string> folders, PipelineOutput output)
    {
        foreach (var folder in folders)
            await WriteAsync(folder, () => Task.FromResult(CertificateReview.Check(folder, Address)), output);
    }

    private IEnumerable<string> Addresses(HostReference reference)
    {
        var uri = (reference.Host ?? HostSessions.Find(reference.Text))?.Uri ?? Hosts.Locate(reference).Uri;
        return uri.IsLocal ? ["localhost", .. Address] : [uri.Host, .. Address];
    }

    private static async Task WriteAsync(string target, Func<Task<CertificateReport>> check, PipelineOutput output)
    {
        try
        {
            await output.WriteObjectAsync(await check());
        }
        catch (LiveMigrationException error)
        {
            await output.WriteErrorAsync(error.ToErrorRecord(target));
        }
    }
}
