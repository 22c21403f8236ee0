using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Policy;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Several migrations: all are planned and asked for first, then some run at once, within one bandwidth.</summary>
internal sealed class MigrationBatch(MigrationIntent intent, int throttleLimit, PipelineOutput output)
{
    /// <summary>So long what hosts said is relied on; who thinks a question over takes longer.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private long _asked = Stopwatch.GetTimestamp();

    /// <summary>What is possible and wanted. Each that is not possible is an error; nothing moves yet.</summary>
    internal async Task<IReadOnlyList<SteeredPlan>> PlanAsync(IReadOnlyList<(LibvirtDomain Domain, LibvirtHost Destination)> migrations, CancellationToken cancellationToken)
    {
        var plans = new List<SteeredPlan>();
        var audit = intent.BeginAudit();
        foreach (var (domain, destination) in migrations)
        {
            try
            {
                if (!IsFresh)
                    (audit, _asked) = (intent.BeginAudit(), Stopwatch.GetTimestamp());
                var plan = await intent.PlanAsync(domain, destination, audit, cancellationToken);
                if (await output.ShouldProcessAsync($"{plan.Plan}. {PlanLimits.Of(plan, intent, throttleLimit)}".TrimEnd(), $"{plan.Plan}?"))
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
        var isFresh = IsFresh;
        var lines = new ProgressLines(plans.Count, $"Migrating to {string.Join(", ", plans.Select(plan => plan.Plan.Destination.Name).Distinct())}", output.WriteProgress);
        var queue = new MigrationQueue([.. plans.Select(plan => plan.Plan)], intent.Budget, throttleLimit);
        await queue.RunAsync(
            async (turn, stop) =>
            {
                var plan = plans[turn.Index];
                try
                {
                    // The hosts have changed since, for one that had to wait.
                    await RunAsync(turn.Waited || !isFresh ? await intent.PlanAsync(plan.Plan, stop) : plan, turn, lines, stop);
                }
                catch (LiveMigrationException error)
                {
                    await output.WriteErrorAsync(error.ToErrorRecord(plan.Plan.Domain));
                }
            },
            cancellationToken);
    }

    private bool IsFresh => Stopwatch.GetElapsedTime(_asked) < Fresh;

    private async Task RunAsync(SteeredPlan plan, QueuedMigration turn, ProgressLines lines, CancellationToken cancellationToken)
    {
        var run = await plan.StartAsync(turn);
        await run.FollowAsync(lines, output, cancellationToken);
    }
}
