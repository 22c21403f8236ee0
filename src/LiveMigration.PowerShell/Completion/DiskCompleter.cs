using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Domains;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes the disks of the domains that the command line names, by their names in the guest.</summary>
internal sealed class DiskCompleter : IArgumentCompleter
{
    private static readonly string[] NameParameters = ["Name", "VMName", "Domain"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Ask(commandAst, fakeBoundParameters, async (hosts, cancellationToken) =>
        {
            var names = Names(Upstream.Of(commandAst), fakeBoundParameters);
            var query = new DomainQuery { Names = [.. names.Select(name => name.Query)] };
            var domains = await DomainFinder.ListAsync(hosts, query, _ => Task.CompletedTask, cancellationToken);
            return [.. domains
                .SelectMany(domain => domain.Disks, (domain, disk) => (domain, disk))
                .Where(pair => Completions.Matches(pair.disk.Target, wordToComplete))
                .GroupBy(pair => pair.disk.Target)
                .Select(group => Completions.Result(group.Key, string.Join(", ", group.Select(pair => $"{pair.domain.Name}: {pair.disk.Source ?? "no file"}"))))];
        });

    /// <summary>Where VMs are piped in, what is typed first is no VM.</summary>
    private static DomainReference[] Names(Upstream piped, IDictionary bound) =>
        piped.IsThere ? [.. piped.Domains.Select(name => new DomainReference(name))]
            : NameParameters.Select(name => bound[name]).FirstOrDefault(value => value is not null) is { } given ? LanguagePrimitives.ConvertTo<DomainReference[]>(given) : [];
}
