using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes hosts: those that are connected, and the aliases of libvirt's configuration. Asks no host.</summary>
internal sealed class HostCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // Where hosts are piped in, PowerShell takes -Name for given; but what is typed first is a VM's name.
        if (parameterName == "HostName" && commandName.Equals("Get-LibvirtDomain", StringComparison.OrdinalIgnoreCase) && Upstream.IsFirst(commandAst, wordToComplete))
            return new DomainCompleter().CompleteArgument(commandName, "Name", wordToComplete, commandAst, fakeBoundParameters);
        var hosts = HostSessions.All.Select(host => (host.Name, Uri: host.Uri.Text))
            .Concat(UriAliases.Read().Select(alias => (Name: alias.Key, Uri: alias.Value)))
            .DistinctBy(host => host.Name, StringComparer.OrdinalIgnoreCase)
            .Where(host => Completions.Matches(host.Name, wordToComplete))
            .ToArray();
        return (parameterName == "Destination" ? Others(hosts, Completions.HostsOf(commandAst, fakeBoundParameters)) : hosts)
            .Select(host => Completions.Result(host.Name, host.Uri));
    }

    /// <summary>No VM goes to the host where it is.</summary>
    private static (string Name, string Uri)[] Others((string Name, string Uri)[] hosts, HostReference[] sources)
    {
        var patterns = sources.Select(source => WildcardPattern.Get(source.Text, WildcardOptions.IgnoreCase)).ToArray();
        return hosts.Where(host => !patterns.Any(pattern => pattern.IsMatch(host.Name))).ToArray() is { Length: > 0 } others ? others : hosts;
    }
}
