using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Jobs;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>Shows an evacuation in a pipeline: asks first, then progress, a result for each VM, and one for all.</summary>
internal sealed class EvacuationWatch(PipelineOutput output)
{
    /// <summary>An abort that the daemons cannot answer takes the core up to a minute to judge.</summary>
    internal static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(90);

    /// <summary>Draws the plan, for <c>-WhatIf</c> and <c>-Confirm</c>, and asks whether to carry it out.</summary>
    internal Task<bool> WantsAsync(EvacuationPlan plan)
    {
        var drawn = PlanDrawing.Of(plan);
        return output.ShouldProcessAsync(drawn, $"{drawn}\nBegin?");
    }

    /// <summary>Follows a run to its end, or hands it to a job.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cmdlet">The cmdlet that began it.</param>
    /// <param name="command">The line that began it, for a job; null to follow it here.</param>
    /// <param name="jobs">Where a job is kept.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <param name="afterwards">What is done when it has ended, here or by the job; what it returns are errors of the cmdlet.</param>
    internal async Task GoAsync(
        EvacuationRun run, string cmdlet, string? command, JobRepository jobs, CancellationToken cancellationToken, Func<HostEvacuation, Task<IReadOnlyList<LiveMigrationException>>>? afterwards = null)
    {
        if (command is not null)
        {
            var job = new EvacuationJob(command, cmdlet, run, afterwards, output.Events);
            jobs.Add(job);
            await output.WriteObjectAsync(job);
            return;
        }

        using var events = output.Events?.Watch(run);
        using var lines = new EvacuationLines(run, output.WriteProgress);
        var writing = Task.CompletedTask;
        run.Noticed += (_, notice) => Tell(() => output.WriteWarning(notice));
        run.DomainSettled += (_, domain) => writing = WriteAsync(writing, domain);
        try
        {
            var evacuation = await run.WaitAsync(cancellationToken);
            await writing;
            await (events?.EndAsync(evacuation) ?? Task.CompletedTask);
            await output.WriteObjectAsync(Total(evacuation));
            foreach (var error in afterwards is null ? [] : await afterwards(evacuation))
                await output.WriteErrorAsync(error.ToErrorRecord(error.Host ?? run.Id));
        }
        catch (OperationCanceledException)
        {
            output.SayWhileStopping($"Stopping the evacuation {run.Id}: its running migrations are aborted. Resume it later with Resume-HostEvacuation {run.Id}.");
            run.Stop(abort: true, "Ctrl+C");
            var stopped = await run.WaitAsync(CancellationToken.None);
            await (events?.EndAsync(stopped) ?? Task.CompletedTask);
            output.SayWhileStopping($"{stopped}.");
            throw;
        }
    }

    /// <summary>
    /// The result of all, which follows those of the VMs. It has a name of its own among its types, whose view PowerShell shows in the
    /// middle of others; without, it would list every property.
    /// </summary>
    internal static PSObject Total(HostEvacuation evacuation)
    {
        var total = new PSObject(evacuation);
        total.TypeNames.Insert(0, $"{typeof(HostEvacuation).FullName}#Total");
        return total;
    }

    private async Task WriteAsync(Task before, EvacuatedDomain domain)
    {
        await before;
        try
        {
            if (domain.ToErrorRecord() is { } error)
                await output.WriteErrorAsync(error);
            else
                await output.WriteObjectAsync(domain);
        }
        catch (PipelineStoppedException)
        {
        }
    }

    private static void Tell(Action action)
    {
        try
        {
            action();
        }
        catch (PipelineStoppedException)
        {
            // Nobody listens any more; the evacuation goes on to its end.
        }
    }
}
