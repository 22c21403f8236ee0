using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu;

/// <summary>The switch to post-copy: once it was ordered, what may be aborted depends on it.</summary>
internal sealed class QemuPostCopy(MigrationRun run, QemuMigrationPlan plan, QemuJournal journal)
{
    /// <summary>How long a QEMU may take to answer an order that others wait for.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    /// <summary>Whether it was ordered: it may happen at any moment.</summary>
    internal bool IsSwitching { get; private set; }

    /// <summary>Whether the destination starts by itself when it has what it needs.</summary>
    internal bool IsArmed { get; private set; }

    /// <summary>What the process that began it had ordered.</summary>
    internal void Adopt(bool switching, bool armed) => (IsSwitching, IsArmed) = (switching, armed);

    /// <summary>Has the source switch, and the destination run as soon as it is told to.</summary>
    /// <exception cref="LiveMigrationException">It was not started with -PostCopy, or has no connection: nothing was changed.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        // QEMU itself would accept it for programs and files as well; the destination would start then before it is proven what it has read.
        if (plan.Nonce is not null || QemuUri.IsOneWay(plan.Uri) || !plan.Options.MayPostCopy)
        {
            throw new LiveMigrationException(
                Faults.PostCopyNotPossible,
                $"'{run.Name}' cannot be switched to post-copy: {(plan.Options.MayPostCopy ? "it is migrated through programs or a file" : "its migration was not started with -PostCopy")}.",
                plan.SourceName);
        }

        var source = await plan.Source.MonitorAsync(cancellationToken).ConfigureAwait(false);
        // It is to run at once when it is told to, not after one more question of ours.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Answer);
        journal.Write(QemuStep.PostCopy);
        IsSwitching = true;
        try
        {
            if (plan.Executes)
            {
                IsArmed = true;
                await (await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false)).ContinueAsync(limit.Token).ConfigureAwait(false);
            }

            await source.StartPostCopyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (QmpException)
        {
            IsSwitching = false;
            await DisarmAsync().ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            IsSwitching = false;
            throw new LiveMigrationException(Faults.MonitorSilent, $"{plan.DestinationName} did not answer within {new Duration(Answer)}: '{run.Name}' was not switched to post-copy.", plan.DestinationName);
        }
    }

    /// <summary>The destination is not to start by itself after all.</summary>
    private async Task DisarmAsync()
    {
        using var limit = new CancellationTokenSource(Answer);
        try
        {
            await (await plan.Destination.MonitorAsync(limit.Token).ConfigureAwait(false)).StopAsync(limit.Token).ConfigureAwait(false);
            IsArmed = false;
            journal.Note(QemuStep.PostCopyRefused);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // It stays armed, as far as anybody knows.
        }
    }
}
