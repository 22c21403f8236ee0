using System.Runtime.ExceptionServices;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Running;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>
/// Migrations that begin together and that nobody planned together: the admission control and the bandwidth allocation of an evacuation, without its journal,
/// its retries and its other destinations.
/// </summary>
#pragma warning disable CA1711 // A queue of migrations, and no collection.
public sealed class MigrationQueue
#pragma warning restore CA1711
{
    private readonly EvacuationOptions _options;
    private readonly LinkMonitor _links;
    private readonly IReadOnlyList<MoveState> _moves;
    private readonly Dictionary<MoveState, (int Index, MigrationPlan Plan)> _plans;
    private readonly Dictionary<MoveState, Task> _moving = [];

    /// <summary>Lines them up.</summary>
    /// <param name="plans">The migrations, in the order in which they are to begin.</param>
    /// <param name="bandwidth">The bandwidth of each host's link that they may use together; null leaves each its own limit.</param>
    /// <param name="atOnce">How many may go at a time, 1 to 12; fewer do where the bandwidth is too narrow for so many.</param>
    public MigrationQueue(IReadOnlyList<MigrationPlan> plans, Bandwidth? bandwidth, int atOnce)
    {
        ArgumentNullException.ThrowIfNull(plans);
        _options = new EvacuationOptions { Bandwidth = bandwidth ?? Bandwidth.Unlimited, MaxOutgoing = atOnce, MaxIncoming = atOnce };
        _plans = plans.Select((plan, index) => (index, plan)).ToDictionary(plan => new MoveState(PlannedMove.OfItself(plan.plan)));
        _moves = [.. _plans.Keys];
        var hosts = plans.SelectMany(plan => new[] { plan.Source.Name, plan.Destination.Name }).Distinct();
        _links = new LinkMonitor(new LinkMap([], hosts.Select(host => new HostLimits { Name = host }), _options), _moves);
    }

    /// <summary>Carries them; ends when all have ended.</summary>
    /// <param name="carry">Carries one to its end. When it fails, or all is cancelled, no further migration starts and those under way are cancelled.</param>
    /// <param name="cancellationToken">Cancels those under way.</param>
    public async Task RunAsync(Func<QueuedMigration, CancellationToken, Task> carry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(carry);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? failure = null;
        for (var waited = false; ; waited = true)
        {
            if (!stop.IsCancellationRequested)
                Begin(carry, waited, stop.Token);
            if (_moving.Count == 0)
                break;
            _links.Divide();
            await Task.WhenAny([Task.Delay(LinkMonitor.Pulse, CancellationToken.None), .. _moving.Values]).ConfigureAwait(false);
            foreach (var (move, ended) in _moving.Where(moving => moving.Value.IsCompleted).ToList())
            {
                _moving.Remove(move);
                // What became of it is the caller's to tell.
                (move.State, move.Run, move.Share) = (EvacuatedState.Unclear, null, null);
                if (ended.Exception is { } error)
                    failure ??= ExceptionDispatchInfo.Capture(error.InnerException!);
                if (!ended.IsCompletedSuccessfully)
                    await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        failure?.Throw();
        stop.Token.ThrowIfCancellationRequested();
    }

    private void Begin(Func<QueuedMigration, CancellationToken, Task> carry, bool waited, CancellationToken cancellationToken)
    {
        // How many go at once is somebody's word here.
        foreach (var move in AdmissionControl.Admit(_moves.Where(move => move.State is EvacuatedState.Waiting), _moving.Keys, _links.Map, _options, _ => true, asMany: true))
        {
            move.State = EvacuatedState.Migrating;
            // A single one has all that there is: its limit stays what was asked for.
            var turn = new QueuedMigration(_plans[move].Index, waited, move, _plans.Count > 1 && !_options.Bandwidth.IsUnlimited ? _links : null);
            _moving.Add(move, Task.Run(() => carry(turn, cancellationToken), CancellationToken.None));
        }
    }
}
