using System.Threading.Channels;
using LiveMigration.Hypervisors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Migration.Libvirt;

/// <summary>A host's events → the signals of one migration. It listens where nothing may block.</summary>
internal sealed class LibvirtSignals(Guid domain) : ChannelWriter<DomainEvent>
{
    private readonly Channel<MigrationSignal> _signals = Channel.CreateUnbounded<MigrationSignal>();

    internal ChannelReader<MigrationSignal> Reader => _signals.Reader;

    public override bool TryWrite(DomainEvent item)
    {
        if (item.Uuid == domain && Of(item) is { } signal)
            _signals.Writer.TryWrite(signal);
        return true;
    }

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);

    internal static MigrationSignal? Of(DomainEvent happened) => happened switch
    {
        JobCompletedEvent { Statistics: { IsMigration: true } job } => new MigrationSignal.Completed(LibvirtStatistics.Of(job)),
        MigrationIterationEvent pass => new MigrationSignal.PassBegan(pass.Iteration),
        LifecycleEvent { Change: LifecycleChange.Stopped, Detail: StoppedDetail.Shutdown or StoppedDetail.Destroyed } => new MigrationSignal.Stopped(GuestState.Ended),
        LifecycleEvent { Change: LifecycleChange.Stopped, Detail: StoppedDetail.Crashed } => new MigrationSignal.Stopped(GuestState.Crashed),
        LifecycleEvent { Change: LifecycleChange.Stopped } => new MigrationSignal.Stopped(GuestState.ShutOff),
        LifecycleEvent { Change: LifecycleChange.Suspended, Detail: SuspendedDetail.PostCopy } => new MigrationSignal.PostCopyBegan(),
        LifecycleEvent { Change: LifecycleChange.Suspended, Detail: SuspendedDetail.PostCopyFailed } => new MigrationSignal.PostCopyBroke(),
        LifecycleEvent { Change: LifecycleChange.Suspended, Detail: SuspendedDetail.Migrated } => new MigrationSignal.SwitchedOver(),
        _ => null,
    };
}
