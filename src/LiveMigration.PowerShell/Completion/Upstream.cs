using System.Management.Automation.Language;

namespace LiveMigration.PowerShell.Completion;

/// <summary>What stands before the pipe on a command line that is being typed, as far as it can be read without running it.</summary>
/// <param name="IsThere">Whether anything stands there.</param>
/// <param name="Hosts">The hosts that it names.</param>
/// <param name="Domains">The VMs that it names.</param>
internal sealed record Upstream(bool IsThere, IReadOnlyList<string> Hosts, IReadOnlyList<string> Domains)
{
    /// <summary>They pass on what comes to them.</summary>
    private static readonly HashSet<string> Filters = new(["Where-Object", "where", "?", "Sort-Object", "sort", "Select-Object", "select"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The parameters of commands that bring hosts or what is on them, in which the hosts are named.</summary>
    private static readonly Dictionary<string, string[]> Sources = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Connect-LibvirtHost"] = ["Name", "Uri"],
        ["Get-LibvirtHost"] = ["HostName"],
        ["Get-LibvirtDomain"] = ["HostName"],
        ["Get-VMLiveMigration"] = ["HostName"],
    };

    internal static Upstream Of(CommandAst command)
    {
        var elements = (command.Parent as PipelineAst)?.PipelineElements;
        var place = elements?.IndexOf(command) ?? 0;
        IReadOnlyList<string> hosts = [], domains = [];
        for (var before = place - 1; before >= 0 && hosts.Count == 0; before--)
        {
            if (elements![before] is not CommandAst source || source.GetCommandName() is not { } name)
                break;
            if (Filters.Contains(name))
                continue;
            if (!Sources.TryGetValue(name, out var parameters))
                break;
            var bound = StaticParameterBinder.BindCommand(source).BoundParameters;
            hosts = parameters.Select(parameter => Read(bound, parameter)).FirstOrDefault(values => values.Count > 0) ?? [];
            if (domains.Count == 0 && name.EndsWith("Domain", StringComparison.OrdinalIgnoreCase))
                domains = Read(bound, "Name");
        }

        return new(place > 0, hosts, domains);
    }

    /// <summary>Whether a command has something before it, and nothing after its name but the word that is being typed.</summary>
    internal static bool IsFirst(CommandAst command, string word) =>
        command.Parent is PipelineAst pipeline && pipeline.PipelineElements.IndexOf(command) > 0 && command.CommandElements.Count == (word.Length == 0 ? 1 : 2);

    /// <summary>What is written there; nothing where it is only known when the line runs.</summary>
    private static IReadOnlyList<string> Read(Dictionary<string, ParameterBindingResult> bound, string parameter)
    {
        if (!bound.TryGetValue(parameter, out var binding))
            return [];
        try
        {
            return binding.Value?.SafeGetValue() switch
            {
                object[] several => [.. several.Select(one => $"{one}")],
                { } one => [$"{one}"],
                null => [],
            };
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }
}
