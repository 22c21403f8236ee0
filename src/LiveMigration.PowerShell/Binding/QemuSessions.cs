using System.Collections.Concurrent;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration;

namespace LiveMigration.PowerShell.Binding;

/// <summary>The QEMUs without libvirt that this process is connected to: one for each monitor, which takes one client only.</summary>
internal static class QemuSessions
{
    private static readonly ConcurrentDictionary<QemuAddress, QemuProcess> Processes = new();

    /// <summary>All of them, by name.</summary>
    internal static IReadOnlyList<QemuProcess> All => [.. Processes.Values.OrderBy(process => process.Name, StringComparer.OrdinalIgnoreCase).ThenBy(process => process.Address.Text, StringComparer.Ordinal)];

    /// <summary>Forgets those that are known to have ended.</summary>
    internal static async Task TidyAsync()
    {
        foreach (var ended in Processes.Values.Where(process => process.HasEnded && !Migrations(process).Any()))
            await DisconnectAsync(ended);
    }

    /// <summary>Connects to a monitor; one that is connected already is asked again what it is.</summary>
    internal static async Task<QemuProcess> ConnectAsync(QemuAddress address, string? name, QmpOptions options, CancellationToken cancellationToken)
    {
        if (Processes.TryGetValue(address, out var known))
        {
            if (!known.HasEnded && (name is null || name == known.Name))
            {
                await known.RefreshAsync(cancellationToken);
                return known;
            }

            await DisconnectAsync(known);
        }

        return await KeepAsync(await QemuProcess.ConnectAsync(address, name, options, UserState.Store, cancellationToken));
    }

    /// <summary>Keeps a connection; one that came in between stays instead.</summary>
    internal static async Task<QemuProcess> KeepAsync(QemuProcess process)
    {
        if (Processes.TryAdd(process.Address, process))
            return process;
        await process.DisposeAsync();
        return Processes[process.Address];
    }

    /// <summary>Closes a monitor and forgets it.</summary>
    internal static async Task DisconnectAsync(QemuProcess process)
    {
        Processes.TryRemove(KeyValuePair.Create(process.Address, process));
        await process.DisposeAsync();
    }

    /// <summary>The migrations that need its monitor.</summary>
    internal static IEnumerable<MigrationRun> Migrations(QemuProcess process) =>
        MigrationRuns.Current.Where(run => run.Domain is null && (run.SourceProcess == process || run.DestinationProcess == process));
}
