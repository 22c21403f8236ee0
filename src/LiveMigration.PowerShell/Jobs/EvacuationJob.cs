using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Jobs;

/// <summary>An evacuation in the background.</summary>
internal sealed class EvacuationJob : Job
{
    private readonly string _cmdlet;
    private readonly EvacuationRun _run;
    private readonly Func<HostEvacuation, Task<IReadOnlyList<LiveMigrationException>>>? _afterwards;
    private readonly EvacuationLines _lines;
    private readonly EventOutput? _eventOutput;
    private readonly EvacuationEvents? _events;
    private readonly Task _work;
    private volatile bool _stops;

    /// <param name="command">The line that began it.</param>
    /// <param name="cmdlet">The cmdlet that began it, whose errors these are.</param>
    /// <param name="run">The evacuation.</param>
    /// <param name="afterwards">What is done when it has ended; what it returns are errors of the cmdlet.</param>
    /// <param name="events">Where its events go; null where nobody asked for them.</param>
    internal EvacuationJob(string command, string cmdlet, EvacuationRun run, Func<HostEvacuation, Task<IReadOnlyList<LiveMigrationException>>>? afterwards, EventOutput? events)
        : base(command, $"Evacuation {run.Id}")
    {
        PSJobTypeName = nameof(EvacuationJob);
        _cmdlet = cmdlet;
        _run = run;
        _afterwards = afterwards;
        _eventOutput = events?.For(text => Warning.Add(new WarningRecord(text)));
        _events = _eventOutput?.Watch(run);
        _lines = new EvacuationLines(run, Progress.Add);
        run.Noticed += (_, notice) => Warning.Add(new WarningRecord(notice));
        run.DomainSettled += (_, domain) => Add(domain);
        SetJobState(JobState.Running);
        _work = Task.Run(FollowAsync);
    }

    /// <inheritdoc/>
    public override bool HasMoreData => Output.Count + Error.Count + Warning.Count + Progress.Count > 0;

    /// <inheritdoc/>
    public override string Location => string.Join(", ", _run.Plan.Sources);

    /// <inheritdoc/>
    public override string StatusMessage => $"{_run.Progress}";

    /// <summary>Aborts what is under way, and waits until it is known where each VM is.</summary>
    public override void StopJob()
    {
        _stops = true;
        _run.Stop(abort: true, "its job was stopped");
        _work.Wait(EvacuationWatch.StopPatience);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _lines.Dispose();
            _events?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Add(EvacuatedDomain domain)
    {
        if (domain.ToErrorRecord() is { } error)
            Error.Add(error.By(_cmdlet));
        else
            Output.Add(PSObject.AsPSObject(domain));
    }

    private async Task FollowAsync()
    {
        try
        {
            var evacuation = await _run.WaitAsync();
            await (_events?.EndAsync(evacuation) ?? Task.CompletedTask);
            await (_eventOutput?.FinishAsync() ?? Task.CompletedTask);
            Output.Add(EvacuationWatch.Total(evacuation));
            foreach (var error in _afterwards is null ? [] : await _afterwards(evacuation))
                Error.Add(error.ToErrorRecord(error.Host ?? _run.Id).By(_cmdlet));
            SetJobState(_stops ? JobState.Stopped : evacuation.Moved + evacuation.Domains.Count(domain => domain.State is EvacuatedState.Unmovable) == evacuation.Domains.Count ? JobState.Completed : JobState.Failed);
        }
        catch (Exception error)
        {
            Error.Add(error.ToErrorRecord(_run.Id).By(_cmdlet));
            SetJobState(JobState.Failed);
        }
    }
}
