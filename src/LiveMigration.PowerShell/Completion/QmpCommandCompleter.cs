using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>Completes commands: those that the QEMUs that are meant, or all connected ones, know themselves.</summary>
internal sealed class QmpCommandCompleter : IArgumentCompleter
{
    /// <summary>Who presses Tab does not want to wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var processes = fakeBoundParameters["Name"] is { } given && LanguagePrimitives.TryConvertTo<QemuReference[]>(given, out var named) ? Resolve(named) : QemuSessions.All;
        return Task.WhenAll(processes.Select(CommandsAsync)).GetAwaiter().GetResult()
            .SelectMany(commands => commands)
            .Distinct()
            .Where(command => Completions.Matches(command, wordToComplete))
            .Order(StringComparer.Ordinal)
            .Select(command => Completions.Result(command, ""));
    }

    private static List<QemuProcess> Resolve(QemuReference[] named)
    {
        try
        {
            return [.. named.SelectMany(reference => reference.Resolve())];
        }
        catch (LiveMigrationException)
        {
            return [];
        }
    }

    private static async Task<IReadOnlySet<string>> CommandsAsync(QemuProcess process)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await (await process.MonitorAsync(limit.Token)).QueryCommandsAsync(limit.Token);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            return new HashSet<string>();
        }
    }
}
