using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using LiveMigration.Domains;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>
/// Completes names of domains on the host that the command line names, or on those that are connected. Where domains are piped in, what is
/// typed first is no name of one, but what comes after it: see <see cref="TypedArguments"/>.
/// </summary>
internal sealed class DomainCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        if (Upstream.Of(commandAst).IsThere && !IsNamed(commandAst, parameterName) && TypedArguments.Next(commandName, parameterName) is { } next)
            return next.GetCustomAttribute<ArgumentCompleterAttribute>()?.Type is { } completer
                ? ((IArgumentCompleter)Activator.CreateInstance(completer)!).CompleteArgument(commandName, next.Name, wordToComplete, commandAst, fakeBoundParameters)
                : [];
        return Completions.Ask(commandAst, fakeBoundParameters, async (hosts, cancellationToken) =>
        {
            var domains = await DomainFinder.ListAsync(hosts, DomainQuery.All, _ => Task.CompletedTask, cancellationToken);
            return [.. domains
                .Where(domain => Completions.Matches(domain.Name, wordToComplete))
                .GroupBy(domain => domain.Name)
                .Select(group => Completions.Result(group.Key, string.Join(", ", group.Select(domain => $"{domain.Status} on {domain.HostName}"))))];
        });
    }

    /// <summary>Whether the parameter's name stands on the line.</summary>
    private static bool IsNamed(CommandAst command, string parameter) => command.CommandElements.OfType<CommandParameterAst>()
        .Any(typed => parameter.StartsWith(typed.ParameterName, StringComparison.OrdinalIgnoreCase) || typed.ParameterName is "VMName" or "Domain" or "DomainName" or "Uuid");
}
