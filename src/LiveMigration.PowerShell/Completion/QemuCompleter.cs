using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes connected QEMUs: by name, or by address where several have that name.</summary>
internal sealed class QemuCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var all = QemuSessions.All;
        return all
            .Select(process => (Text: all.Count(other => other.Name == process.Name) == 1 ? process.Name : process.Address.Text, Process: process))
            .Where(choice => Completions.Matches(choice.Text, wordToComplete))
            .Select(choice => Completions.Result(choice.Text, $"{choice.Process.Name}, {choice.Process.Address}, {choice.Process.State}"));
    }
}
