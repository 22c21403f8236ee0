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
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        HostSessions.All.Select(host => (host.Name, Uri: host.Uri.Text))
            .Concat(UriAliases.Read().Select(alias => (Name: alias.Key, Uri: alias.Value)))
            .DistinctBy(host => host.Name, StringComparer.OrdinalIgnoreCase)
            .Where(host => Completions.Matches(host.Name, wordToComplete))
            .Select(host => Completions.Result(host.Name, host.Uri));
}
