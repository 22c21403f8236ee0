using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes evacuations, the latest first.</summary>
internal sealed class EvacuationCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        UserState.Evacuations.Ids.Reverse().Where(id => Completions.Matches(id, wordToComplete)).Select(id => Completions.Result(id, id));
}
