using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes migrations between QEMUs that were interrupted.</summary>
internal sealed class QemuMigrationCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        QemuRecordFinder.Migrations.List()
            .Where(record => record.IsInterrupted && (Completions.Matches(record.Id, wordToComplete) || Completions.Matches(record.Name, wordToComplete)))
            .Select(record => Completions.Result(record.Id, record.ToString()));
}
