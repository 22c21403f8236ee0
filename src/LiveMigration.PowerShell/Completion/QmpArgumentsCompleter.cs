using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.PowerShell.Completion;

/// <summary>
/// Completes the arguments of a command, as its QEMU's own schema has them: a hashtable with those that it needs, and one with all. PowerShell
/// asks nobody inside of a hashtable, so it is offered whole.
/// </summary>
internal sealed class QmpArgumentsCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        if (wordToComplete.Length > 0 || fakeBoundParameters["Command"] is not string command)
            yield break;
        var known = QmpAnswers.Ask(fakeBoundParameters, (monitor, stop) => monitor.QueryArgumentsAsync(command, stop)) is [var first, ..] ? first : [];
        QmpParameter[] needed = [.. known.Where(argument => !argument.IsOptional)];
        QmpParameter[][] choices = needed.Length is 0 || needed.Length == known.Count ? [[.. known]] : [needed, [.. needed, .. known.Where(argument => argument.IsOptional)]];
        foreach (var arguments in choices.Where(arguments => arguments.Length > 0))
        {
            yield return new CompletionResult(Text(arguments), string.Join(", ", arguments.Select(argument => argument.Name)), CompletionResultType.ParameterValue, string.Join("\n", arguments.Select(Describe)));
        }
    }

    /// <summary>A hashtable. What QEMU names is never code, whatever it is.</summary>
    internal static string Text(IEnumerable<QmpParameter> arguments) => $"@{{ {string.Join("; ", arguments.Select(argument => $"{Key(argument.Name)} = {Value(argument)}"))} }}";

    private static string Key(string name) => name is [>= 'a' and <= 'z' or >= 'A' and <= 'Z' or '_', ..] && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_') ? name : Quoted(name);

    /// <summary>PowerShell takes typographic quotes for quotes, too.</summary>
    private static string Quoted(string? text) =>
        $"'{string.Concat((text ?? "").Select(letter => letter is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b' ? $"{letter}{letter}" : $"{letter}"))}'";

    private static string Value(QmpParameter argument) => argument.Kind switch
    {
        QmpParameterKind.Number => "0",
        QmpParameterKind.Boolean => "$false",
        QmpParameterKind.Structure => "@{ }",
        QmpParameterKind.Choice => Quoted(argument.Choices.FirstOrDefault()),
        _ => "''",
    };

    private static string Describe(QmpParameter argument) =>
        $"{argument.Name}: {(argument.Kind is QmpParameterKind.Choice ? string.Join(" | ", argument.Choices) : $"{argument.Kind}".ToLowerInvariant())}{(argument.IsOptional ? ", optional" : "")}{string.Concat(argument.Features.Select(feature => $", {feature}"))}";
}
