using System.Collections;
using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.PowerShell.Binding;

namespace LiveMigration.PowerShell.Completion;

/// <summary>What the QEMUs that a command line names, or all connected ones, answer a completer.</summary>
internal static class QmpAnswers
{
    /// <summary>Who presses Tab does not want to wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Asks all of them at once; who does not answer in time has nothing to say.</summary>
    internal static IReadOnlyList<T> Ask<T>(IDictionary bound, Func<QmpClient, CancellationToken, Task<T>> question)
        where T : class
    {
        var processes = bound["Name"] is { } given && LanguagePrimitives.TryConvertTo<QemuReference[]>(given, out var named) ? Resolve(named) : QemuSessions.All;
        return [.. Task.WhenAll(processes.Select(process => AskAsync(process, question))).GetAwaiter().GetResult().OfType<T>()];
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

    private static async Task<T?> AskAsync<T>(QemuProcess process, Func<QmpClient, CancellationToken, Task<T>> question)
        where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await question(await process.MonitorAsync(limit.Token), limit.Token);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}
