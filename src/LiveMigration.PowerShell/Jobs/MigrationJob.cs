using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.Migration.Qemu;
using LiveMigration.Monitoring.Policies;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Jobs;

/// <summary>Migrations in the background: a child for each VM.</summary>
internal sealed class MigrationJob : Job
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(75);

    private readonly IReadOnlyList<MigrationChildJob> _children;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Task> _migrate;
    private EventOutput? _events;
    private Task _work = Task.CompletedTask;

    internal MigrationJob(string command, MigrationIntent intent, IReadOnlyList<SteeredPlan> plans, int throttleLimit)
        : this(command, [.. plans.Select(plan => new MigrationChildJob(command, plan.Plan.Domain, plan.Plan.Domain.Name, plan.Plan.Source.Name))])
    {
        var queue = new MigrationQueue([.. plans.Select(plan => plan.Plan)], intent.Budget, throttleLimit);
        _migrate = () => queue.RunAsync((turn, _) => _children[turn.Index].RunAsync(async stop =>
            await (turn.Waited ? await intent.PlanAsync(plans[turn.Index].Plan, stop) : plans[turn.Index]).StartAsync(turn)));
    }

    internal MigrationJob(string command, QemuMigrationPlan plan, ConvergencePolicy? policy)
        : this(command, [new MigrationChildJob(command, plan.Source, plan.Source.Name, plan.Source.HostName)]) =>
        _migrate = () => _children[0].RunAsync(_ => Task.FromResult(plan.Start(policy)));

    private MigrationJob(string command, IReadOnlyList<MigrationChildJob> children)
        : base(command)
    {
        PSJobTypeName = nameof(MigrationJob);
        Location = string.Join(", ", children.Select(child => child.Location).Distinct());
        _migrate = () => Task.CompletedTask;
        _children = children;
        foreach (var child in children)
            ChildJobs.Add(child);
    }

    /// <inheritdoc/>
    public override bool HasMoreData => _children.Any(child => child.HasMoreData);

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override string StatusMessage => string.Join("; ", _children.Select(child => child.StatusMessage));

    /// <summary>Where the events of all go; null where nobody asked for them.</summary>
    internal EventOutput? Events
    {
        get => _events;
        set
        {
            _events = value?.For(text => Warning.Add(new WarningRecord(text)));
            foreach (var child in _children)
                child.Events = _events;
        }
    }

    /// <summary>Begins. Ends when the first migration can be found, so that what is called next finds it: Switch-, Stop-, Wait-VMLiveMigration.</summary>
    internal Task StartAsync()
    {
        SetJobState(JobState.Running);
        _work = Task.Run(RunAsync);
        return Task.WhenAny([_work, .. _children.Select(child => child.Begun)]);
    }

    /// <summary>Aborts what is under way, and waits until it is known where each VM is.</summary>
    public override void StopJob()
    {
        _ = _stop.CancelAsync();
        foreach (var child in _children)
            child.RequestStop();
        _work.Wait(StopPatience);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var child in _children)
                child.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task RunAsync()
    {
        try
        {
            await _migrate();
            if (Events is not null)
                await Events.FinishAsync();
        }
        finally
        {
            var states = _children.Select(child => child.JobStateInfo.State).ToArray();
            SetJobState(states.Contains(JobState.Failed) ? JobState.Failed : states.Contains(JobState.Stopped) ? JobState.Stopped : JobState.Completed);
        }
    }
}
