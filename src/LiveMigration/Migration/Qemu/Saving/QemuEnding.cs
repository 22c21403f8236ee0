using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>The end of a QEMU that nobody needs any more.</summary>
internal static class QemuEnding
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Has it end. False where it is not known to have.</summary>
    internal static async Task<bool> EndAsync(QemuProcess process, QmpClient monitor)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            await monitor.QuitAsync(CancellationToken.None).WaitAsync(Patience).ConfigureAwait(false);
            // It has said that it will; and then it closes its monitor.
            while (monitor.IsConnected && watch.Elapsed < Patience)
                await Task.Delay(Step).ConfigureAwait(false);
            if (!monitor.IsConnected)
                process.SaidGoodbye();
        }
        catch (Exception error) when (error is LiveMigrationException or TimeoutException)
        {
            // It may have ended before it answered.
        }

        while (!process.HasEnded && watch.Elapsed < Patience)
            await Task.Delay(Step).ConfigureAwait(false);
        return process.HasEnded;
    }
}
