using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Jobs;

/// <summary>The migration of one VM in the background.</summary>
internal sealed class MigrationChildJob : Job
{
    private const string Cmdlet = "Start-VMLiveMigration";

    private readonly object _vm;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProgressLines _lines;
    private MigrationProgress? _shown;
    private string _status;

    /// <param name="command">The command that began it.</param>
    /// <param name="vm">The VM, as an error's target.</param>
    /// <param name="name">Its name.</param>
    /// <param name="source">The name of the host where it is.</param>
    internal MigrationChildJob(string command, object vm, string name, string source)
        : base(command, name)
    {
        PSJobTypeName = nameof(MigrationJob);
        _vm = vm;
        Location = source;
        _lines = new ProgressLines(1, "", Progress.Add);
        _status = $"{name}: waits";
    }

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count + Error.Count + Warning.Count + Progress.Count > 0;

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override string StatusMessage => _status;

    /// <inheritdoc/>
    public override void StopJob()
    {
        RequestStop();
        Finished.WaitOne(TimeSpan.FromSeconds(75));
    }

    /// <summary>Where its events go; null where nobody asked for them.</summary>
    internal EventOutput? Events { get; set; }

    /// <summary>Ends when its migration can be found, or when there is none any more.</summary>
    internal Task Begun => _begun.Task;

    internal void RequestStop() => _ = _stop.CancelAsync();

    /// <param name="start">Starts the migration, when it is its turn.</param>
    internal async Task RunAsync(Func<CancellationToken, Task<MigrationRun>> start)
    {
        if (_stop.IsCancellationRequested)
        {
            End(JobState.Stopped, "not started");
            return;
        }

        SetJobState(JobState.Running);
        try
        {
            await RunAsync(await start(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            End(JobState.Stopped, "not started");
        }
        catch (Exception error)
        {
            Error.Add(error.ToErrorRecord(_vm).By(Cmdlet));
            End(JobState.Failed, "failed");
        }
    }

    private async Task RunAsync(MigrationRun run)
    {
        _begun.TrySetResult();
        using var events = Events?.Watch(run, fromStart: true);
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

        await (events?.Ended ?? Task.CompletedTask);
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
        _status = $"{Name}: {status}";
        SetJobState(state);
        _begun.TrySetResult();
    }
}
