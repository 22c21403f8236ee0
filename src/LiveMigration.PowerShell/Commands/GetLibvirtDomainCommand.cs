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
    private readonly List<(List<DomainReference> Names, List<HostReference> Hosts)> _questions = [];

    /// <summary>Which domains; all by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "Domain", "DomainName", "Uuid")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public DomainReference[] Name { get; set; } = [];

    /// <summary>The hosts to search; all connected hosts by default.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName", "Source")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Hosts as objects: a text in the pipeline is a VM's name.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PipedHost[] InputObject { get; set; } = [];

    /// <summary>In which states; all by default.</summary>
    [Parameter]
    public DomainState[] State { get; set; } = [];

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        HostReference[] piped = [.. InputObject.Select(host => host.Reference), .. InputObject.Length == 0 ? Name.Select(name => name.NotDomain).OfType<HostReference>() : []];
        var names = Named(Name, InputObject).Where(name => name.NotDomain is null).ToArray();
        var hosts = Given(HostName);
        if (piped.Length > 0 || names.Length == 0)
        {
            Ask(names, piped.Length > 0 ? piped : hosts);
            return Task.CompletedTask;
        }

        // A domain that was found before may have moved since: it is looked for everywhere. Other objects say where it is.
        foreach (var name in names)
            Ask([name], IsTyped(nameof(HostName)) ? hosts : name.Domain is not null ? [] : name.Host is { } host ? [host] : hosts);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var written = new HashSet<(Guid, LibvirtHost)>();
        foreach (var (names, references) in _questions)
        {
            var hosts = await ResolveAsync(references, output, cancellationToken, orNone: true);
            var query = new DomainQuery { Names = [.. names.Select(name => name.Query)], States = State };
            var found = await DomainFinder.ListAsync(hosts, query, output.WriteErrorAsync, cancellationToken);
            await output.WriteObjectsAsync(found.Where(domain => written.Add((domain.Uuid, domain.Host))).ToArray());
            WriteNotices(output);
            await WriteMissingAsync(names, hosts, found, output, cancellationToken);
        }
    }

    /// <summary>Adds to a question: the same names on one more host, or one more name on the same hosts, is not asked for by itself.</summary>
    private void Ask(DomainReference[] names, IReadOnlyList<HostReference> hosts)
    {
        var sameNames = _questions.FindIndex(question => hosts.Count > 0 && question.Hosts.Count > 0 && question.Names.SequenceEqual(names));
        var sameHosts = _questions.FindIndex(question => names.Length > 0 && question.Names.Count > 0 && question.Hosts.Select(host => host.Text).SequenceEqual(hosts.Select(host => host.Text)));
        if (sameNames >= 0)
            _questions[sameNames].Hosts.AddRange(hosts);
        else if (sameHosts >= 0)
            _questions[sameHosts].Names.AddRange(names);
        else
            _questions.Add(([.. names], [.. hosts]));
    }

    /// <summary>A name without wildcards that no host has is an error; one that is only in another state is not.</summary>
    private async Task WriteMissingAsync(
        IReadOnlyList<DomainReference> names, IReadOnlyList<LibvirtHost> hosts, IReadOnlyList<LibvirtDomain> found, PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var name in names.Where(name => hosts.Count > 0 && !name.HasWildcard && State.Length == 0))
        {
            if (!found.Any(domain => DomainFinder.IsMeant(name, domain)))
                await output.WriteErrorAsync((await DomainFinder.NotFoundAsync(name, hosts, cancellationToken)).ToErrorRecord(name.Text));
        }
    }
}
