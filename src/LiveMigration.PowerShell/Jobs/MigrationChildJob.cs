using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Jobs;

/// <summary>The migration of one VM in the background.</summary>
internal sealed class MigrationChildJob : Job
{
    private const string Cmdlet = "Start-VMLiveMigration";

    private readonly MigrationIntent _intent;
    private readonly SteeredPlan _plan;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProgressLines _lines;
    private MigrationProgress? _shown;
    private string _status;

    internal MigrationChildJob(string command, MigrationIntent intent, SteeredPlan plan)
        : base(command, plan.Plan.Domain.Name)
    {
        PSJobTypeName = nameof(MigrationJob);
        _intent = intent;
        _plan = plan;
        _lines = new ProgressLines(1, "", Progress.Add);
        _status = $"{plan.Plan.Domain.Name}: waits";
    }

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count + Error.Count + Warning.Count + Progress.Count > 0;

    /// <inheritdoc/>
    public override string Location => _plan.Plan.Source.Name;

    /// <inheritdoc/>
    public override string StatusMessage => _status;

    /// <inheritdoc/>
    public override void StopJob()
    {
        RequestStop();
        Finished.WaitOne(TimeSpan.FromSeconds(75));
    }

    /// <summary>Ends when its migration can be found, or when there is none any more.</summary>
    internal Task Begun => _begun.Task;

    internal void RequestStop() => _ = _stop.CancelAsync();

    internal async Task RunAsync(QueuedMigration turn)
    {
        if (_stop.IsCancellationRequested)
        {
            End(JobState.Stopped, "not started");
            return;
        }

        SetJobState(JobState.Running);
        try
        {
            var plan = turn.Waited ? await _intent.PlanAsync(_plan.Plan, _stop.Token) : _plan;
            await RunAsync(await plan.StartAsync(turn));
        }
        catch (OperationCanceledException)
        {
            End(JobState.Stopped, "not started");
        }
        catch (Exception error)
        {
            Error.Add(error.ToErrorRecord(_plan.Plan.Domain).By(Cmdlet));
            End(JobState.Failed, "failed");
        }
    }

    private async Task RunAsync(MigrationRun run)
    {
        _begun.TrySetResult();
        using var watched = new WatchedRun(run, Show, text => Warning.Add(new WarningRecord(text)));
        MigrationResult result;
        try
        {
            result = await run.Completion.WaitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            result = await run.EndAsync(text => Warning.Add(new WarningRecord(text)));
        }

        _lines.End(run);
        if (result.Outcome is MigrationOutcome.Cancelled or MigrationOutcome.Detached && _stop.IsCancellationRequested)
        {
            End(JobState.Stopped, result.Outcome is MigrationOutcome.Detached ? "continues in the background" : $"stopped, runs on {result.Source}");
        }
        else if (result.ToErrorRecord() is { } error)
        {
            Error.Add(error.By(Cmdlet));
            End(JobState.Failed, "failed");
        }
        else
        {
            Output.Add(PSObject.AsPSObject(result));
            End(JobState.Completed, $"runs on {result.Destination}");
        }
    }

    /// <summary>Nobody reads a background job's every word: what is kept is each percent, each phase, each second.</summary>
    private void Show(MigrationRun run, MigrationProgress progress)
    {
        _status = $"{run.Name}: {ProgressText.Status(progress)}";
        if (_shown is { } shown && shown.Percent == progress.Percent && shown.Phase == progress.Phase
            && progress.Elapsed - shown.Elapsed < TimeSpan.FromSeconds(1))
            return;
        _shown = progress;
        _lines.Show(run, progress);
    }

    private void End(JobState state, string status)
    {
        _status = $"{_plan.Plan.Domain.Name}: {status}";
        SetJobState(state);
        _begun.TrySetResult();
    }
}
