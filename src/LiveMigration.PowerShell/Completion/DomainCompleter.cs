using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Domains;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes names of domains on the host that the command line names, or on those that are connected.</summary>
internal sealed class DomainCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Ask(fakeBoundParameters, async (hosts, cancellationToken) =>
        {
            var domains = await DomainFinder.ListAsync(hosts, DomainQuery.All, _ => Task.CompletedTask, cancellationToken);
            return [.. domains
                .Where(domain => Completions.Matches(domain.Name, wordToComplete))
                .GroupBy(domain => domain.Name)
                .Select(group => Completions.Result(group.Key, string.Join(", ", group.Select(domain => $"{domain.Status} on {domain.HostName}"))))];
        });
}
