using System.Threading.Channels;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration;

/// <summary>
/// Two hosts that do what a test says, in the run's time. Where the guest is, is the truth; what the hosts answer is apart from it:
/// they can be silent, late, or out of order.
/// </summary>
internal sealed class ScriptedDriver(MigrationRun run) : IMigrationDriver
{
    internal static readonly GuestPresence Running = new(GuestState.Running, "Running", IsExecuting: true);
    internal static readonly GuestPresence Incoming = new(GuestState.PausedForMigration, "Paused (migrating)");

    private const long MemoryBytes = 1L << 30;
    private const long BytesPerSecond = 100L << 20;

    private readonly Channel<MigrationSignal> _signals = Channel.CreateUnbounded<MigrationSignal>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });
    private readonly List<ITimer> _timers = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource<DriverFailure?>? _attempt;
    private TaskCompletionSource _peerLost = new();
    private TimeSpan? _sendingSince;
    private long _sent;
    private int _questions;

    /// <summary>What happens when an attempt begins; the first is 1. Nothing means: nothing, and it does not end.</summary>
    internal Action<int> Script { get; set; } = _ => { };

    /// <summary>What an attempt waits for before it begins.</summary>
    internal Func<Task> Beginning { get; set; } = () => Task.CompletedTask;

    /// <summary>What an abort does; by default the guest stays and the attempt ends.</summary>
    internal Action? Aborting { get; set; }

    /// <summary>What another way of an attempt is told to be.</summary>
    internal Func<DriverFailure, string?> FallBack { get; set; } = _ => null;

    internal GuestPresence Source { get; set; } = Running;

    internal GuestPresence Destination { get; set; } = GuestPresence.Absent;

    internal bool SourceIsSilent { get; set; }

    internal bool DestinationIsSilent { get; set; }

    internal Exception? OpenError { get; set; }

    /// <summary>Orders that a host refuses.</summary>
    internal HashSet<string> Refused { get; } = [];

    /// <summary>What the engine did, in order.</summary>
    internal List<string> Orders { get; } = [];

    internal int Attempts { get; private set; }

    /// <summary>How often a host was asked anything.</summary>
    internal int Questions => Volatile.Read(ref _questions);

    /// <summary>QEMU's count of passes over memory; it may go on from an earlier migration.</summary>
    internal long Passes { get; set; }

    internal bool IsUnderWay { get; set; }

    internal bool IsDisposed { get; private set; }

    public ChannelReader<MigrationSignal> Signals => _signals.Reader;

    public Task PeerLost => _peerLost.Task;

    public bool IsDestinationReady { get; internal set; }

    /// <summary>Whether the guest executes on both hosts, in truth.</summary>
    internal bool RunsTwice => Source.IsExecuting && Destination.IsExecuting;

    /// <summary>Does it after a time; at most once.</summary>
    internal void After(double seconds, Action what)
    {
        lock (_gate)
            _timers.Add(run.Time.CreateTimer(_ => what(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan));
    }

    internal void Signal(MigrationSignal signal) => _signals.Writer.TryWrite(signal);

    /// <summary>The destination is ready and memory is sent, until all is there or for ever.</summary>
    internal void Send(double? completesAfter = null)
    {
        if (completesAfter is { } seconds)
            After(seconds, Complete);
        (IsDestinationReady, IsUnderWay) = (true, true);
        Destination = Incoming;
        _sendingSince = run.Elapsed;
        Pass();
    }

    internal void Pass()
    {
        Passes++;
        Signal(new MigrationSignal.PassBegan(Passes));
    }

    /// <summary>Nothing moves any more.</summary>
    internal void Stand()
    {
        _sent = Sent;
        _sendingSince = null;
    }

    internal void SwitchOver()
    {
        Source = Incoming;
        Signal(new MigrationSignal.SwitchedOver());
    }

    internal void Complete()
    {
        Stand();
        (Source, Destination, IsUnderWay) = (GuestPresence.Absent, Running, false);
        Signal(new MigrationSignal.Completed(Statistics with { Downtime = TimeSpan.FromMilliseconds(200) }));
        End(null);
    }

    internal void PostCopy()
    {
        (Source, Destination) = (new GuestPresence(GuestState.PostCopy, "Paused (post-copy)"), new GuestPresence(GuestState.PostCopy, "Running (post-copy)", IsExecuting: true));
        Signal(new MigrationSignal.PostCopyBegan());
    }

    /// <summary>The link breaks in post-copy.</summary>
    internal void Break()
    {
        Part();
        Signal(new MigrationSignal.PostCopyBroke());
    }

    /// <summary>The same, before the source has noticed it.</summary>
    internal void Part()
    {
        Stand();
        (Source, Destination, IsUnderWay) = (new GuestPresence(GuestState.PostCopyFailed, "Paused (post-copy failed)"), new GuestPresence(GuestState.PostCopyFailed, "Paused (post-copy failed)"), false);
    }

    /// <summary>The guest stays at the source, and the attempt ends with an error.</summary>
    internal void Fail(Fault fault, bool lostTouch = false)
    {
        if (!lostTouch)
        {
            Stand();
            (Source, Destination, IsUnderWay) = (Source.IsGone ? Source : Running, GuestPresence.Absent, false);
        }

        End(new DriverFailure(new LiveMigrationException(fault, "it failed.", run.Source), lostTouch));
    }

    internal void End(DriverFailure? failure) => _attempt?.TrySetResult(failure);

    internal void LosePeer() => _peerLost.TrySetResult();

    public Task OpenAsync() => OpenError is { } error ? Task.FromException(error) : Task.CompletedTask;

    public async Task<Task<DriverFailure?>> BeginAsync(bool rejoin, CancellationToken stop)
    {
        await Beginning().ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        Asked();
        Attempts++;
        Do(rejoin ? "rejoin" : "run");
        _attempt = new TaskCompletionSource<DriverFailure?>();
        _peerLost = new TaskCompletionSource();
        Script(Attempts);
        return _attempt.Task;
    }

    public Task<DriverFailure> ExplainAsync(DriverFailure failure, MigrationStatistics? last) => Task.FromResult(failure);

    public Task<string?> FallBackAsync(DriverFailure failure, MigrationStatistics? last) => Task.FromResult(FallBack(failure));

    public Task<bool?> IsUnderWayAsync()
    {
        Asked();
        return Task.FromResult<bool?>(SourceIsSilent ? null : IsUnderWay);
    }

    public Task<MigrationStatistics?> QueryAsync()
    {
        Asked();
        return Task.FromResult(SourceIsSilent || !IsUnderWay ? null : Statistics);
    }

    public Task<IReadOnlyDictionary<string, bool>> QueryMirrorsAsync() => Task.FromResult<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool>());

    public Task<GuestPresence> LookAsync(Side side, CancellationToken cancellationToken = default)
    {
        Asked();
        return Task.FromResult(side is Side.Source
            ? SourceIsSilent ? GuestPresence.Unreachable : Source
            : DestinationIsSilent ? GuestPresence.Unreachable : Destination);
    }

    public Task AbortAsync()
    {
        Order("abort");
        if (Aborting is { } abort)
            abort();
        else if (IsUnderWay)
            Fail(Faults.Stopped);
        else
            throw new LiveMigrationException(Faults.NoMigration, "there is no job.", run.Source);
        return Task.CompletedTask;
    }

    public Task StartPostCopyAsync(CancellationToken cancellationToken = default)
    {
        Order("post-copy");
        PostCopy();
        return Task.CompletedTask;
    }

    public Task PausePostCopyAsync(CancellationToken cancellationToken = default)
    {
        Order("pause post-copy");
        Break();
        return Task.CompletedTask;
    }

    public Task SuspendAsync()
    {
        Order("suspend");
        // As libvirt: nothing where it is stopped already, and in a migration it is paused for the migration.
        if (Source.IsExecuting)
            Source = Incoming;
        return Task.CompletedTask;
    }

    public Task SetBandwidthAsync(Bandwidth total)
    {
        Order($"bandwidth {total}");
        return Task.CompletedTask;
    }

    public Task SetDowntimeAsync(Duration limit)
    {
        Order($"downtime {limit}");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        lock (_gate)
        {
            foreach (var timer in _timers)
                timer.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private void Asked() => Interlocked.Increment(ref _questions);

    private long Sent => _sent + (_sendingSince is { } since ? (long)((run.Elapsed - since).TotalSeconds * BytesPerSecond) : 0);

    private MigrationStatistics Statistics => new()
    {
        Total = MemoryBytes,
        Transferred = Sent,
        Remaining = MemoryBytes / 2,
        MemoryRate = _sendingSince is null ? 0 : BytesPerSecond,
        Iteration = Passes,
    };

    private void Order(string what)
    {
        Do(what);
        if (SourceIsSilent || Refused.Contains(what))
            throw new LiveMigrationException(Faults.HostNotAnswering, $"no {what}.", run.Source);
    }

    private void Do(string what)
    {
        lock (_gate)
            Orders.Add(what);
    }
}
