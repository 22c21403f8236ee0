using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes <c>on</c> and <c>off</c>.</summary>
internal sealed class OnOffCompleter : IArgumentCompleter
{
    private static readonly string[] Words = ["on", "off"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Words.Where(word => Completions.Matches(word, wordToComplete)).Select(word => Completions.Result(word, ""));
}
