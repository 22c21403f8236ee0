using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes commands: those that the QEMUs that are meant, or all connected ones, know themselves.</summary>
internal sealed class QmpCommandCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        QmpAnswers.Ask(fakeBoundParameters, (monitor, stop) => monitor.QueryCommandsAsync(stop))
            .SelectMany(commands => commands)
            .Distinct()
            .Where(command => Completions.Matches(command, wordToComplete))
            .Order(StringComparer.Ordinal)
            .Select(command => Completions.Result(command, ""));
}
