using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>host → domains.</summary>
[Cmdlet(VerbsCommon.Get, "LibvirtDomain", HelpUri = OnlineHelp.Pages + "Get-LibvirtDomain.md")]
[OutputType(typeof(LibvirtDomain))]
public sealed class GetLibvirtDomainCommand : HostCmdlet
{
    private readonly List<HostReference> _hosts = [];

    /// <summary>Which domains; all by default.</summary>
    [Parameter(Position = 0)]
    [Alias("VMName", "Domain")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>On which hosts; the connected ones by default.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>In which states; all by default.</summary>
    [Parameter]
    public DomainState[] State { get; set; } = [];

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _hosts.AddRange(HostName);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var hosts = await ResolveAsync(_hosts, output, cancellationToken);
        var query = new DomainQuery { Names = [.. Name.Select(name => name.Domain?.Uuid.ToString() ?? name.Text)], States = State };
        var found = await DomainFinder.ListAsync(hosts, query, output.WriteErrorAsync, cancellationToken);
        await output.WriteObjectsAsync(found);
        WriteNotices(output);
        await WriteMissingAsync(hosts, found, output, cancellationToken);
    }

    /// <summary>A name without wildcards that no host has is an error; one that is only in another state is not.</summary>
    private async Task WriteMissingAsync(
        IReadOnlyList<LibvirtHost> hosts, IReadOnlyList<LibvirtDomain> found, PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var name in Name.Where(name => hosts.Count > 0 && !name.HasWildcard && State.Length == 0))
        {
            if (!found.Any(domain => domain.Uuid == name.Domain?.Uuid || DomainQuery.Matches(name.Text, domain.Name, domain.Uuid)))
                await output.WriteErrorAsync((await DomainFinder.NotFoundAsync(name, hosts, cancellationToken)).ToErrorRecord(name.Text));
        }
    }
}
