using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Monitoring.Policies;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes the policies that are built in; where none fits, PowerShell completes files.</summary>
internal sealed class PolicyCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        BuiltInPolicies.All
            .Where(policy => Completions.Matches(policy.Name, wordToComplete))
            .Select(policy => Completions.Result(policy.Name, policy.Description ?? ""));
}
