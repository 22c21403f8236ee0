using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>A cmdlet that speaks to hosts: it resolves their names, and tells what there is to tell about their connections.</summary>
public abstract class HostCmdlet : AsyncCmdlet
{
    private protected HostResolver Hosts { get; private set; } = null!;

    /// <summary>The connected hosts, when none is named.</summary>
    private protected RollCall Connected { get; } = new();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Hosts = HostResolver.For(GetVariableValue(HostResolver.TemplateVariable));
        base.BeginProcessing();
    }

    /// <summary>What -Name says: an object in the pipeline is bound as a whole, and its property Name says nothing beside it.</summary>
    private protected DomainReference[] Named(DomainReference[] name, Array piped) => piped.Length > 0 && !IsTyped("Name") ? [] : name;

    /// <summary>These domains, looked for on these hosts.</summary>
    private protected IReadOnlyList<DomainReference> On(IEnumerable<DomainReference> domains, IReadOnlyList<HostReference> hostName) =>
        [.. domains.Select(domain => domain.On(Given(hostName), IsTyped("HostName")))];

    /// <summary>Hosts, without the empty cells of a file.</summary>
    private protected IReadOnlyList<HostReference> Given(IReadOnlyList<HostReference> hosts, string parameter = "HostName") =>
        IsTyped(parameter) ? hosts : [.. hosts.Where(host => host.Text.Length > 0)];

    /// <summary>The hosts that are meant, in the order given; all connected ones when none is named. Each that is not available is an error.</summary>
    /// <param name="references">What was named.</param>
    /// <param name="output">Takes the errors.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="orNone">Whether a pattern that matches no host is none, as where objects are listed.</param>
    private protected async Task<IReadOnlyList<LibvirtHost>> ResolveAsync(
        IReadOnlyList<HostReference> references, PipelineOutput output, CancellationToken cancellationToken, bool orNone = false)
    {
        if (references.Count == 0)
        {
            return await Connected.TakeAsync(output.WriteWarning, cancellationToken) is { Count: > 0 } all ? all : throw new LiveMigrationException(
                CmdletFaults.NoHost, "No host is connected and none was specified.");
        }

        var resolving = references.Select(reference => (reference, hosts: orNone ? Hosts.ResolveAllAsync(reference, cancellationToken) : Hosts.ResolveSomeAsync(reference, cancellationToken))).ToArray();
        var found = new List<LibvirtHost>();
        foreach (var (reference, hosts) in resolving)
        {
            try
            {
                found.AddRange(await hosts);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(reference.Text));
            }
        }

        return [.. found.Distinct()];
    }

    /// <summary>The hosts of a group, and the names of those that are not available; all connected ones when none is named. Each that is not available is an error, too.</summary>
    private protected async Task<(IReadOnlyList<LibvirtHost> Hosts, IReadOnlyList<string> Missing)> ResolveGroupAsync(IReadOnlyList<HostReference> references, PipelineOutput output, CancellationToken cancellationToken)
    {
        // One that does not answer is a part of the group all the same.
        if (references.Count == 0)
            return HostSessions.All is { Count: > 0 } all ? (all, []) : throw new LiveMigrationException(CmdletFaults.NoHost, "No host is connected and none was specified.");
        var found = await Task.WhenAll(references.Select(async reference => (reference.Text, Hosts: await ResolveAsync([reference], output, cancellationToken))));
        return ([.. found.SelectMany(one => one.Hosts).Distinct()], [.. found.Where(one => one.Hosts.Count == 0).Select(one => one.Text)]);
    }

    /// <summary>Reports which connections were lost and restored.</summary>
    private protected static void WriteNotices(PipelineOutput output)
    {
        foreach (var notice in HostSessions.All.SelectMany(host => host.TakeNotices()))
            output.WriteWarning(notice);
    }
}
