using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.History;
using LiveMigration.Monitoring;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Migration;

/// <summary>A migration under way: ours, or one that another tool started and that we watch.</summary>
#pragma warning disable CA1001 // The source of the stop has no timer and no handle: there is nothing to dispose of.
public sealed class MigrationRun
#pragma warning restore CA1001
{
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _notices = [];
    private readonly ProgressEstimate _estimate;
    private readonly long _started;
    private readonly Listeners _listeners;
    private static readonly SemaphoreSlim Predicting = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();

    internal MigrationRun(
        LibvirtDomain domain, LibvirtHost? destination, MigrationOptions options, MigrationMode mode, bool foreign, ConvergencePolicy? policy = null, TimeProvider? time = null)
        : this(domain.ToGuest(), destination?.Name, options, mode, foreign, policy, time) => (Domain, DestinationHost) = (domain, destination);

    internal MigrationRun(
        MigratingGuest guest, string? destination, MigrationOptions options, MigrationMode mode, bool foreign, ConvergencePolicy? policy = null, TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        StartTime = Time.GetLocalNow();
        _started = Time.GetTimestamp();
        Policy = policy;
        _estimate = new ProgressEstimate(guest.MaxMemory ?? 0, joined: foreign);
        Guest = guest;
        Destination = destination;
        Options = options;
        Mode = mode;
        Limit = options.Bandwidth;
        Recorder = new PassRecorder(options.MaxDowntime?.Value, joined: foreign);
        IsForeign = foreign;
        _listeners = new Listeners(error =>
        {
            lock (_notices)
                _notices.Add($"An event handler of the migration of '{Name}' failed, and the migration continues: {error.GetType().Name}: {error.Message}");
        });
    }

    /// <summary>Identifies the run in this process.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>libvirt's domain on the source, as it was before; null for a QEMU without libvirt.</summary>
    public LibvirtDomain? Domain { get; }

    /// <summary>The VM's name.</summary>
    public string Name => Guest.Name;

    /// <summary>The VM's UUID; all zero where it has none.</summary>
    public Guid Uuid => Guest.Uuid;

    /// <summary>The name of the host where it was.</summary>
    public string Source => Guest.Host;

    /// <summary>The name of the host where it goes; null when another tool started it and did not say.</summary>
    public string? Destination { get; }

    /// <summary>libvirt's host where it goes; null for a QEMU without libvirt, or when another tool started it and did not say.</summary>
    public LibvirtHost? DestinationHost { get; }

    /// <summary>The QEMU without libvirt where it was; null for a domain of libvirt.</summary>
    public QemuProcess? SourceProcess { get; internal init; }

    /// <summary>The QEMU without libvirt where it goes; null for a domain of libvirt.</summary>
    public QemuProcess? DestinationProcess { get; internal init; }

    /// <summary>The requested options.</summary>
    public MigrationOptions Options { get; }

    /// <summary>Who controls the migration.</summary>
    public MigrationMode Mode { get; internal set; }

    /// <summary>Whether memory and disks are encrypted; null when another tool started it and did not say.</summary>
    public bool? Encrypted { get; internal set; }

    /// <summary>The limit of memory and disks together as last set, in bytes per second; null when none was set, or "max".</summary>
    public long? Bandwidth => Limit is { IsUnlimited: false } limit ? limit.BytesPerSecond : null;

    /// <summary>Whether another tool, or an earlier process, started it.</summary>
    public bool IsForeign { get; }

    /// <summary>When it started, or when it was first seen.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>Its progress.</summary>
    public MigrationProgress Progress => _estimate.Latest;

    /// <summary>Ends with the migration; it never fails: see the result.</summary>
    public MigrationCompletion Completion { get; private set; }

    /// <summary>Messages for the user.</summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            lock (_notices)
                return ItemList<string>.Of(_notices.ToArray());
        }
    }

    /// <summary>Whether the guest runs on the destination already: from then on nothing can be aborted.</summary>
    public bool IsPostCopy => Progress.Phase is MigrationPhase.PostCopy;

    /// <summary>Raised with each look at the migration; handlers must be quick. What one throws becomes a notice.</summary>
    public event EventHandler<MigrationProgress>? Progressed;

    /// <summary>Raised when there is a message for the user.</summary>
    public event EventHandler<string>? Noticed;

    /// <summary>The guest, as it was before.</summary>
    internal MigratingGuest Guest { get; }

    /// <summary>What carries it out, from its begin.</summary>
    private IMigrationDriver Driver { get; set; } = null!;

    /// <summary>The policy for migrations that do not converge; null leaves that to the options.</summary>
    internal ConvergencePolicy? Policy { get; }

    /// <summary>The same as it was set: "max" is something else than nothing.</summary>
    internal Units.Bandwidth? Limit { get; set; }

    /// <summary>Bytes that the destination has yet to find room for; null while none was sent. What is sent again lies there already.</summary>
    internal long? LeftToArrive => Progress switch
    {
        { Phase: MigrationPhase.Copying or MigrationPhase.Switching, Iteration: > 1 } => 0,
        { Phase: not MigrationPhase.Starting, Total: > 0 } progress => progress.Remaining,
        _ => null,
    };

    /// <summary>What later forecasts learn from it.</summary>
    internal PassRecorder Recorder { get; }

    /// <summary>What is forecast of it as it begins; null where nothing is known to forecast from.</summary>
    internal Task<MigrationPredictor.Made?> Forecast { get; set; } = Task.FromResult<MigrationPredictor.Made?>(null);

    /// <summary>Where its end is written down; null where it is not.</summary>
    internal MigrationHistory? History { get; init; }

    /// <summary>What this process does for it, also after it was left: until then it is there.</summary>
    internal Task Background { get; set; } = Task.CompletedTask;

    /// <summary>The clock of everything that waits for this migration.</summary>
    internal TimeProvider Time { get; }

    internal TimeSpan Elapsed => Time.GetElapsedTime(_started);

    internal StopReason StopReason { get; private set; }

    /// <summary>Why the policy stopped it; null where it was not the policy.</summary>
    internal string? PolicyReason { get; private set; }

    internal Task StopRequested => _stopRequested.Task;

    /// <summary>Cancelled with the request to stop: what has not begun yet does not begin any more.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    internal Task Detached => _detached.Task;

    /// <summary>Aborts the migration and waits until it is known that the domain runs on the source.</summary>
    /// <param name="cancellationToken">Stops waiting; the abort continues.</param>
    /// <exception cref="LiveMigrationException">The guest runs on the destination already (post-copy).</exception>
    public Task<MigrationResult> StopAsync(CancellationToken cancellationToken = default)
    {
        if (IsPostCopy)
            throw new LiveMigrationException(Faults.CannotAbortPostCopy,
                $"'{Name}' cannot be aborted: in post-copy it already runs on {Destination ?? "the destination"} and fetches the rest of its memory from {Source}.", Source);
        RequestStop(StopReason.Requested);
        return Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Switches to post-copy now: the guest runs on the destination and fetches the missing memory.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It was not started with post-copy, or has not begun to copy.</exception>
    public Task SwitchToPostCopyAsync(CancellationToken cancellationToken = default) => Driver.StartPostCopyAsync(cancellationToken);

    /// <summary>Interrupts a post-copy migration on purpose: both halves are paused until the migration is resumed (libvirt 8.5).</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The guest does not run on the destination yet: broken now, it would be lost.</exception>
    public Task PausePostCopyAsync(CancellationToken cancellationToken = default) => Driver.PausePostCopyAsync(cancellationToken);

    /// <summary>Limits memory and disks together.</summary>
    /// <param name="limit">The limit.</param>
    /// <exception cref="LiveMigrationException">It has ended, or its hypervisor refuses.</exception>
    public Task SetBandwidthAsync(Bandwidth limit) => Driver.SetBandwidthAsync(limit);

    /// <summary>Sets the maximum downtime.</summary>
    /// <param name="limit">1 ms to 2,000 s.</param>
    /// <exception cref="LiveMigrationException">It has ended, or its hypervisor refuses.</exception>
    public Task SetDowntimeAsync(Duration limit) => Driver.SetDowntimeAsync(limit);

    /// <summary>Stops watching; the migration continues.</summary>
    public void Detach() => _detached.TrySetResult();

    /// <summary>Ends it, unless it has to end already.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="policy">The policy's own words, where it is the policy that asks for it.</param>
    internal void RequestStop(StopReason reason, string? policy = null)
    {
        if (StopReason is StopReason.None)
            (StopReason, PolicyReason) = (reason, policy);
        if (!_stopRequested.TrySetResult())
            return;
        _stopping.Cancel();
        Tracing.Tracer.Say($"'{Name}': aborting ({StopReason}).");
    }

    internal void Begin(IMigrationDriver driver, Func<Task<MigrationResult>> work)
    {
        Driver = driver;
        Completion = new MigrationCompletion(MigrationRuns.Track(this, () => RecordedAsync(work)));
    }

    /// <summary>What was left to go on by itself has not ended: who sees its end writes it down.</summary>
    private async Task<MigrationResult> RecordedAsync(Func<Task<MigrationResult>> work)
    {
        var result = WithForecast(await work().ConfigureAwait(false));
        if (result.Outcome is MigrationOutcome.Detached)
            return result;
        var problem = History is null ? null : await History.TryAddAsync(result, IsForeign).ConfigureAwait(false);
        MigrationCounting.Count(result);
        if (problem is null)
            return result;
        Notice(problem);
        return result with { Notices = Notices };
    }

    /// <summary>Forecasts it from what is known as it begins, while it begins: nothing waits for that.</summary>
    /// <param name="disks">Bytes of disks to copy.</param>
    internal void Predict(long disks)
    {
        if (History is not { } history)
            return;
        var now = StartTime;
        Forecast = Task.Run(async () =>
        {
            // Of many that begin at once, each reads the same history: one after the other.
            await Predicting.WaitAsync().ConfigureAwait(false);
            try
            {
                return MigrationPredictor.Predict(Guest, Destination, Options, Policy?.Policy, disks, history.Read(now.AddDays(-90)), now);
            }
            finally
            {
                Predicting.Release();
            }
        });
    }

    /// <summary>It was made long before the end; one that was not does not hold up the result.</summary>
    private MigrationResult WithForecast(MigrationResult result) => Forecast is not { IsCompletedSuccessfully: true, Result: { } made } ? result : result with
    {
        Forecast = made.Prediction,
        DirtyFactor = made.Sampled ? MigrationPredictor.FactorOf(made.Curve, result.Passes) : null,
    };

    internal void Add(MigrationStatistics statistics, MigrationPhase phase)
    {
        if (phase is MigrationPhase.Copying)
            Recorder.Add(Elapsed, _estimate.PassOf(statistics.Iteration) ?? 0, statistics, Limit);
        Raise(_estimate.Add(statistics, phase, Elapsed));
    }

    internal void PassBegan(long? number) => _estimate.PassBegan(number);

    /// <summary>How many passes over memory there were: the last count where there is one, else the last one seen.</summary>
    internal int? Passes(MigrationStatistics? completed) => _estimate.PassOf(completed?.Iteration) ?? Progress.Iteration;

    internal void Enter(MigrationPhase phase, bool complete = false) => Raise(_estimate.Enter(phase, Elapsed, complete));

    internal void Notice(string text)
    {
        lock (_notices)
            _notices.Add(text);
        _listeners.Tell(Noticed, this, text);
    }

    private void Raise(MigrationProgress progress) => _listeners.Tell(Progressed, this, progress);

    /// <summary>For example <c>web1: a → b, 42 %</c>.</summary>
    public override string ToString() => $"{Name}: {Source} → {Destination ?? "?"}, {Progress.Percent} %";
}
