using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Migration;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes names of domains that are being migrated.</summary>
internal sealed class MigratingDomainCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Ask(commandAst, fakeBoundParameters, async (hosts, cancellationToken) =>
        {
            var found = await MigrationFinder.FindAsync(hosts, [], _ => Task.CompletedTask, cancellationToken);
            return [.. found.Concat(MigrationRuns.Current)
                .DistinctBy(run => run.Name)
                .Where(run => Completions.Matches(run.Name, wordToComplete))
                .Select(run => Completions.Result(run.Name, run.ToString()))];
        });
}
