using System.Runtime.ExceptionServices;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Evacuation.Running;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Evacuation;

/// <summary>
/// Migrations that begin together and that nobody planned together: the turnstile and the budget of an evacuation, without its journal,
/// its retries and its other destinations.
/// </summary>
public sealed class Convoy
{
    private readonly EvacuationOptions _options;
    private readonly Links _links;
    private readonly IReadOnlyList<Journey> _journeys;
    private readonly Dictionary<Journey, (int Index, MigrationPlan Plan)> _plans;
    private readonly Dictionary<Journey, Task> _moving = [];

    /// <summary>Lines them up.</summary>
    /// <param name="plans">The migrations, in the order in which they are to begin.</param>
    /// <param name="bandwidth">The bandwidth of each host's link that they may use together; null leaves each its own limit.</param>
    /// <param name="atOnce">How many may go at a time, 1 to 12; fewer do where the bandwidth is too narrow for so many.</param>
    public Convoy(IReadOnlyList<MigrationPlan> plans, Bandwidth? bandwidth, int atOnce)
    {
        ArgumentNullException.ThrowIfNull(plans);
        _options = new EvacuationOptions { Bandwidth = bandwidth ?? Bandwidth.Unlimited, MaxOutgoing = atOnce, MaxIncoming = atOnce };
        _plans = plans.Select((plan, index) => (index, plan)).ToDictionary(plan => new Journey(PlannedMove.OfItself(plan.plan)));
        _journeys = [.. _plans.Keys];
        var hosts = plans.SelectMany(plan => new[] { plan.Source.Name, plan.Destination.Name }).Distinct();
        _links = new Links(new LinkMap([], hosts.Select(host => new HostLimits { Name = host }), _options), _journeys);
    }

    /// <summary>Carries them; ends when all have ended.</summary>
    /// <param name="carry">Carries one to its end. When it fails, or all is cancelled, no further migration starts and those under way are cancelled.</param>
    /// <param name="cancellationToken">Cancels those under way.</param>
    public async Task RunAsync(Func<ConvoyTurn, CancellationToken, Task> carry, CancellationToken cancellationToken = default)
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
            await Task.WhenAny([Task.Delay(Links.Pulse, CancellationToken.None), .. _moving.Values]).ConfigureAwait(false);
            foreach (var (journey, ended) in _moving.Where(moving => moving.Value.IsCompleted).ToList())
            {
                _moving.Remove(journey);
                // What became of it is the caller's to tell.
                (journey.State, journey.Run, journey.Share) = (EvacuatedState.Unclear, null, null);
                if (ended.Exception is { } error)
                    failure ??= ExceptionDispatchInfo.Capture(error.InnerException!);
                if (!ended.IsCompletedSuccessfully)
                    await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        failure?.Throw();
        stop.Token.ThrowIfCancellationRequested();
    }

    private void Begin(Func<ConvoyTurn, CancellationToken, Task> carry, bool waited, CancellationToken cancellationToken)
    {
        // How many go at once is somebody's word here.
        foreach (var journey in Turnstile.Admit(_journeys.Where(journey => journey.State is EvacuatedState.Waiting), _moving.Keys, _links.Map, _options, _ => true, asMany: true))
        {
            journey.State = EvacuatedState.Migrating;
            // A single one has all that there is: its limit stays what was asked for.
            var turn = new ConvoyTurn(_plans[journey].Index, waited, journey, _plans.Count > 1 && !_options.Bandwidth.IsUnlimited ? _links : null);
            _moving.Add(journey, Task.Run(() => carry(turn, cancellationToken), CancellationToken.None));
        }
    }
}
