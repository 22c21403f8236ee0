using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Storage.Sharing;

namespace LiveMigration.PowerShell.Commands;

/// <summary>hosts + shared storage → verified pools.</summary>
[Cmdlet(VerbsCommon.New, "MigrationSharedStorage", SupportsShouldProcess = true, DefaultParameterSetName = "Nfs",
    HelpUri = OnlineHelp.Pages + "New-MigrationSharedStorage.md")]
[OutputType(typeof(SharedPool))]
public sealed class NewMigrationSharedStorageCommand : HostCmdlet
{
    private readonly List<HostReference> _hosts = [];

    /// <summary>The pool's name on each host.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Pool { get; set; } = "";

    /// <summary>The hosts.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Where each host has the files.</summary>
    [Parameter(Mandatory = true)]
    [ValidatePattern("^/.+")]
    public string Path { get; set; } = "";

    /// <summary>The NFS server, as the hosts reach it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Nfs")]
    [ValidateNotNullOrEmpty]
    public string NfsServer { get; set; } = "";

    /// <summary>What it exports.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Nfs")]
    [ValidatePattern("^/.*")]
    public string NfsExport { get; set; } = "";

    /// <summary>Something else mounts the files on all hosts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Mounted")]
    public SwitchParameter Mounted { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _hosts.AddRange(HostName);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var hosts = await ResolveAsync(_hosts, output, cancellationToken);
        if (hosts.Count < 2)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"Storage is shared between two or more hosts; {(hosts.Count == 1 ? "only one was" : "none were")} specified.");
        var storage = new SharedStorage { Name = Pool, Path = Path, Server = Mounted ? null : NfsServer, Export = Mounted ? null : NfsExport };
        var what = $"et up and verify {storage} on {string.Join(", ", hosts.Select(host => host.Name))}";
        if (await output.ShouldProcessAsync($"S{what}.", $"S{what}?"))
            await output.WriteObjectsAsync(await storage.SetUpAsync(hosts, cancellationToken));
        WriteNotices(output);
    }
}
