using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Storage;
using LiveMigration.Tracing;

namespace LiveMigration.Planning;

/// <summary>
/// domain + destination → readiness, for one VM or a fleet. Each host is asked once, no matter how many VMs are evaluated; nothing on it
/// is changed. An audit is a look at one moment: make a new one to look again.
/// </summary>
public sealed class ReadinessAudit
{
    private readonly ReadinessGathering _gathering;
    private readonly ReadinessPolicy _policy;
    private readonly ReadinessSelection _selection;
    private readonly TimeProvider _clock;

    /// <summary>Begins an audit.</summary>
    /// <param name="policy">The readiness policy of the site.</param>
    /// <param name="selection">Which checks.</param>
    /// <param name="allowMonitor">Whether QEMU itself is asked, which taints the VM (<c>custom-monitor</c>).</param>
    /// <param name="clock">What day it is.</param>
    public ReadinessAudit(
        ReadinessPolicy? policy = null, ReadinessSelection? selection = null, bool allowMonitor = false, TimeProvider? clock = null)
    {
        _policy = policy ?? ReadinessPolicy.Default;
        _selection = selection ?? ReadinessSelection.All;
        _gathering = new ReadinessGathering(allowMonitor, _selection.BlockersOnly);
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Queries both hosts and evaluates the checks.</summary>
    /// <param name="domain">The VM.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<ReadinessReport> TestAsync(
        LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(destination);
        return TestAsync(domain, destination, options, null, cancellationToken);
    }

    /// <summary>
    /// Plans a migration, and checks its readiness at the same time. What failed ends it here; what could not be evaluated is
    /// a notice of the plan.
    /// </summary>
    /// <param name="domain">The VM.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Errors.LiveMigrationException">It cannot be done, or is not ready, and why.</exception>
    public async Task<MigrationPlan> PlanAsync(
        LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (plan, report) = await PlanAndTestAsync(domain, destination, options, cancellationToken).ConfigureAwait(false);
        if (report.ToException() is { } refusal)
            throw refusal;
        return report.IsReady ? plan : plan with
        {
            Notices = [.. plan.Notices, .. report.Blockers.Select(finding => $"{finding.Id} could not be evaluated ({finding.Title}): {finding.Evidence}")],
        };
    }

    /// <summary>The same, where what failed is told and not thrown.</summary>
    /// <exception cref="Errors.LiveMigrationException">It cannot be done, and why.</exception>
    internal async Task<(MigrationPlan Plan, ReadinessReport Report)> PlanAndTestAsync(
        LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options, CancellationToken cancellationToken)
    {
        var planning = domain.PlanMigrationAsync(destination, options, _gathering.Inventory, _gathering.Looks, cancellationToken);
        var testing = TestAsync(domain, destination, options, DisksAsync(planning), cancellationToken);
        // What the plan refuses, it refuses more exactly.
        var plan = await planning.ConfigureAwait(false);
        return (plan, await testing.ConfigureAwait(false));
    }

    private static async Task<IReadOnlyList<DiskFacts>> DisksAsync(Task<MigrationPlan> planning) => (await planning.ConfigureAwait(false)).DiskFacts;

    private async Task<ReadinessReport> TestAsync(
        LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options, Task<IReadOnlyList<DiskFacts>>? disks, CancellationToken cancellationToken)
    {
        using var span = Tracer.Begin("readiness", domain.HostName);
        var (when, start) = (_clock.GetLocalNow(), Stopwatch.StartNew());
        var demand = (options ?? MigrationOptions.Default).ToDemand(destination);
        var facts = await _gathering.GatherAsync(domain, destination, demand, _policy, cancellationToken, disks).ConfigureAwait(false);
        var report = new ReadinessReport
        {
            Domain = facts.Domain.State.IsHad ? facts.State : domain,
            DestinationHost = destination,
            Findings = ReadinessJudgement.Judge(facts, _selection, _policy, DateOnly.FromDateTime(when.DateTime)),
            When = when,
            Took = start.Elapsed,
        };
        Tracer.Say($"Checked readiness: {report}: {report.Passed.Count} passed, {report.Warnings.Count} warnings, {report.Failed.Count} failed, {report.Unknown.Count} unknown ({new Units.Duration(report.Took)}).");
        return report;
    }
}
