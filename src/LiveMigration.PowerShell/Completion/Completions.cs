using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>What the completers share.</summary>
internal static class Completions
{
    /// <summary>Who presses Tab does not want to wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly string[] HostParameters = ["HostName", "Host", "ComputerName"];

    internal static bool Matches(string name, string typed) =>
        name.StartsWith(typed.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase);

    internal static CompletionResult Result(string name, string toolTip) => new(
        name.Any(character => char.IsWhiteSpace(character) || "'\"`$();,|&{}@#".Contains(character))
            ? $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'"
            : name,
        name,
        CompletionResultType.ParameterValue,
        toolTip.Length == 0 ? name : toolTip);

    /// <summary>What -HostName has, or else the hosts that what is piped in comes from.</summary>
    internal static HostReference[] HostsOf(CommandAst command, IDictionary bound) =>
        HostParameters.Select(name => bound[name]).FirstOrDefault(value => value is not null) is { } given ? LanguagePrimitives.ConvertTo<HostReference[]>(given)
            : [.. Upstream.Of(command).Hosts.Select(host => new HostReference(host))];

    /// <summary>The hosts that the command line names so far, or else those that are connected; what takes too long is left out.</summary>
    private static async Task<IReadOnlyList<LibvirtHost>> HostsAsync(HostResolver resolver, HostReference[] named, CancellationToken cancellationToken)
    {
        if (named.Length == 0)
            return await RollCall.TakeAsync(Patience / 2, cancellationToken);
        var hosts = new List<LibvirtHost>();
        foreach (var reference in named)
            hosts.AddRange(await resolver.ResolveAllAsync(reference, cancellationToken));
        return hosts;
    }

    /// <summary>Asks the hosts for at most a second; no answer is no completion.</summary>
    internal static IReadOnlyList<CompletionResult> Ask(
        CommandAst command, IDictionary bound, Func<IReadOnlyList<LibvirtHost>, CancellationToken, Task<IReadOnlyList<CompletionResult>>> question)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var resolver = HostResolver.For(ScriptBlock.Create('$' + HostResolver.TemplateVariable).Invoke().FirstOrDefault());
            var named = HostsOf(command, bound);
            return Task.Run(async () => await question(await HostsAsync(resolver, named, patience.Token), patience.Token)).WaitAsync(patience.Token).GetAwaiter().GetResult();
        }
        catch (Exception) // A completer has nobody to tell.
        {
            return [];
        }
    }
}
