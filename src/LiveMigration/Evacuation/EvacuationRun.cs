using LiveMigration.Errors;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Migration;

namespace LiveMigration.Evacuation;

/// <summary>An evacuation that this process carries out.</summary>
public sealed class EvacuationRun
{
    private readonly TaskCompletionSource<HostEvacuation> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Listeners _listeners;

    internal EvacuationRun(string id, EvacuationPlan plan)
    {
        Id = id;
        Plan = plan;
        // Nobody is told of a listener that fails but the listeners that do not; the evacuation goes on.
        _listeners = new Listeners(error => Notice($"An event handler of the evacuation {id} failed, and the evacuation continues: {error.GetType().Name}: {error.Message}"));
    }

    /// <summary>Identifies it, as its journal does.</summary>
    public string Id { get; }

    /// <summary>What it was started with.</summary>
    public EvacuationPlan Plan { get; }

    /// <summary>Its progress.</summary>
    public EvacuationProgress Progress { get; private set; } = new(0, 0, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Raised several times a second; handlers must be quick. What one throws becomes a notice.</summary>
    public event EventHandler<EvacuationProgress>? Progressed;

    /// <summary>Raised when a migration begins; it can be watched from then on.</summary>
    public event EventHandler<MigrationRun>? MigrationStarted;

    /// <summary>Raised when the result for a domain is final.</summary>
    public event EventHandler<EvacuatedDomain>? DomainSettled;

    /// <summary>Raised when there is a message for the user.</summary>
    public event EventHandler<string>? Noticed;

    /// <summary>Starts no further migration.</summary>
    /// <param name="abort">Whether those under way are aborted, too; otherwise they finish.</param>
    /// <param name="reason">Why, for the journal.</param>
    public void Stop(bool abort, string reason) => StopRequest = (abort || StopRequest is { Abort: true }, reason);

    /// <summary>Waits for its end.</summary>
    /// <param name="cancellationToken">Stops waiting; the evacuation continues.</param>
    public Task<HostEvacuation> WaitAsync(CancellationToken cancellationToken = default) => _ended.Task.WaitAsync(cancellationToken);

    internal (bool Abort, string Reason)? StopRequest { get; private set; }

    internal void Begin(Func<Task> work, EvacuationJournal journal) => _ = Task.Run(async () =>
    {
        try
        {
            using (journal)
                await work().ConfigureAwait(false);
            _ended.TrySetResult(journal.Tell());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _ended.TrySetException(new LiveMigrationException(
                Faults.JournalNotWritable, $"The journal {journal.File} cannot be written: {error.Message}", innerException: error));
        }
#pragma warning disable CA1031 // Whoever waits is told; the journal holds what was done.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _ended.TrySetException(error);
        }
    });

    internal void Show(EvacuationProgress progress)
    {
        Progress = progress with { Percent = Math.Max(progress.Percent, Progress.Percent) };
        _listeners.Tell(Progressed, this, Progress);
    }

    internal void Started(MigrationRun run) => _listeners.Tell(MigrationStarted, this, run);

    internal void Settled(EvacuatedDomain domain) => _listeners.Tell(DomainSettled, this, domain);

    internal void Notice(string text) => _listeners.Tell(Noticed, this, text);

    /// <summary>For example <c>20261231-225900-1f3a: a, 5 of 12 VMs moved, 4 under way</c>.</summary>
    public override string ToString() => $"{Id}: {string.Join(", ", Plan.Sources)}, {Progress}";
}
