using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes the ids of readiness checks and, once something else is typed, their names; with what each wants to hold.</summary>
internal sealed class CheckCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ReadinessSelection.Ids
            .Where(id => Completions.Matches(id, wordToComplete))
            .Select(id => Completions.Result(id, ReadinessSelection.TitleOf(id)))
            .Concat(ReadinessSelection.Names.Zip(ReadinessSelection.Ids)
                .Where(check => wordToComplete.Trim('\'', '"').Length > 0 && Completions.Matches(check.First, wordToComplete))
                .Select(check => Completions.Result(check.First, $"{check.Second}: {ReadinessSelection.TitleOf(check.Second)}")));
}
