using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu;

/// <summary>
/// A source's events → the signals of its migration, and a bell that rings with each of them. A lost monitor is connected again; what
/// was missed meanwhile is no event any more, and the source is asked instead.
/// </summary>
internal sealed class QemuSignals(QemuProcess source, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly Channel<MigrationSignal> _signals = Channel.CreateUnbounded<MigrationSignal>();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _bell = new(0);
    private Task _listening = Task.CompletedTask;

    internal ChannelReader<MigrationSignal> Reader => _signals.Reader;

    /// <summary>Whether we have stopped the guest ourselves: its <c>STOP</c> is no switchover then.</summary>
    internal bool IsSuspended { get; set; }

    /// <summary>Listens from now on.</summary>
    internal async Task OpenAsync()
    {
        var events = (await source.MonitorAsync(_stop.Token).ConfigureAwait(false)).Listen();
        _listening = ListenAsync(events);
    }

    /// <summary>Waits for the next event, or for a while.</summary>
    internal async Task NextAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, time);
        try
        {
            await _bell.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is asked.
        }
    }

    internal void Add(MigrationSignal signal) => _signals.Writer.TryWrite(signal);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _listening.ConfigureAwait(false);
    }

    private async Task ListenAsync(QmpEvents events)
    {
        while (!_stop.IsCancellationRequested)
        {
            var shuttingDown = false;
            try
            {
                using (events)
                {
                    await foreach (var happened in events.WithCancellation(_stop.Token).ConfigureAwait(false))
                    {
                        shuttingDown |= happened.Name == "SHUTDOWN";
                        Take(happened);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (LiveMigrationException error)
            {
                if (shuttingDown && error.Fault == Faults.MonitorLost)
                    source.SaidGoodbye();
            }

            _bell.Release();
            if (await ListenAgainAsync().ConfigureAwait(false) is not { } again)
                return;
            events = again;
        }
    }

    /// <summary>The events of the next connection; null when there is none any more.</summary>
    private async Task<QmpEvents?> ListenAgainAsync()
    {
        while (!_stop.IsCancellationRequested && !source.HasEnded)
        {
            try
            {
                return (await source.MonitorAsync(_stop.Token).ConfigureAwait(false)).Listen();
            }
            catch (LiveMigrationException)
            {
                await NextAsync(Retry).ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return null;
            }
        }

        return null;
    }

    private void Take(QmpEvent happened)
    {
        if (Of(happened) is { } signal)
            Add(signal);
        _bell.Release();
    }

    private MigrationSignal? Of(QmpEvent happened) => happened.Name switch
    {
        "MIGRATION_PASS" => new MigrationSignal.PassBegan(happened.Number("pass")),
        "STOP" when !IsSuspended => new MigrationSignal.SwitchedOver(),
        "MIGRATION" => happened.Text("status") switch
        {
            "pre-switchover" or "device" => new MigrationSignal.SwitchedOver(),
            "postcopy-active" => new MigrationSignal.PostCopyBegan(),
            "postcopy-paused" => new MigrationSignal.PostCopyBroke(),
            _ => null,
        },
        "SHUTDOWN" => new MigrationSignal.Stopped(happened.Text("reason")?.StartsWith("guest-", StringComparison.Ordinal) is true ? GuestState.Ended : GuestState.ShutOff),
        "GUEST_PANICKED" when happened.Text("action") is "poweroff" => new MigrationSignal.Stopped(GuestState.Crashed),
        _ => null,
    };
}
