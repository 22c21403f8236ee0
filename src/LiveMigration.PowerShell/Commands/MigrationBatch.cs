using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Several migrations to one host: all are planned and asked for first, then some run at once.</summary>
internal sealed class MigrationBatch(MigrationIntent intent, int throttleLimit, PipelineOutput output)
{
    /// <summary>What is possible and wanted. Each that is not possible is an error; nothing moves yet.</summary>
    internal async Task<IReadOnlyList<SteeredPlan>> PlanAsync(IReadOnlyList<LibvirtDomain> domains, CancellationToken cancellationToken)
    {
        var plans = new List<SteeredPlan>();
        var audit = intent.BeginAudit();
        foreach (var domain in domains)
        {
            try
            {
                var plan = await intent.PlanAsync(domain, audit, cancellationToken);
                if (await output.ShouldProcessAsync($"{plan.Plan}.", $"{plan.Plan}?"))
                    plans.Add(plan);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(domain));
            }
        }

        return plans;
    }

    /// <summary>Runs them. When it is stopped, each that is under way is aborted and looked after, and no other begins.</summary>
    internal async Task RunAsync(IReadOnlyList<SteeredPlan> plans, CancellationToken cancellationToken)
    {
        var lines = new ProgressLines(plans.Count, $"Migrating to {intent.Destination.Name}", output.WriteProgress);
        var limit = new ParallelOptions { MaxDegreeOfParallelism = throttleLimit, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(plans.Select((plan, index) => (plan, index)), limit, async (next, stop) =>
        {
            try
            {
                // The hosts have changed since, for one that had to wait.
                var plan = next.index < throttleLimit ? next.plan : await intent.PlanAsync(next.plan.Plan.Domain, stop);
                await RunAsync(plan, lines, stop);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(next.plan.Plan.Domain));
            }
        });
    }

    private async Task RunAsync(SteeredPlan plan, ProgressLines lines, CancellationToken cancellationToken)
    {
        var run = plan.Start();
        using var watched = new WatchedRun(run, lines.Show, output.WriteWarning);
        try
        {
            var result = await run.Completion.WaitAsync(cancellationToken);
            lines.End(run);
            if (result.ToErrorRecord() is { } error)
                await output.WriteErrorAsync(error);
            else
                await output.WriteObjectAsync(result);
        }
        catch (OperationCanceledException)
        {
            await run.EndAsync(output.SayWhileStopping);
            throw;
        }
    }
}
