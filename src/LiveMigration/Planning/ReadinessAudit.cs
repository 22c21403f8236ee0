using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;

namespace LiveMigration.Planning;

/// <summary>
/// domain + destination → readiness, for one VM or a fleet. Each host is asked once, whatever number of VMs is judged; nothing on it
/// is changed. An audit is a look at one moment: make a new one to look again.
/// </summary>
public sealed class ReadinessAudit
{
    private readonly ReadinessGathering _gathering;
    private readonly ReadinessPolicy _policy;
    private readonly ReadinessSelection _selection;
    private readonly TimeProvider _clock;

    /// <summary>Begins an audit.</summary>
    /// <param name="policy">What the site holds of the checks.</param>
    /// <param name="selection">Which checks.</param>
    /// <param name="allowMonitor">Whether QEMU itself is asked, which taints the VM (<c>custom-monitor</c>).</param>
    /// <param name="clock">What day it is.</param>
    public ReadinessAudit(
        ReadinessPolicy? policy = null, ReadinessSelection? selection = null, bool allowMonitor = false, TimeProvider? clock = null)
    {
        _gathering = new ReadinessGathering(allowMonitor);
        _policy = policy ?? ReadinessPolicy.Default;
        _selection = selection ?? ReadinessSelection.All;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Asks both hosts, and judges.</summary>
    /// <param name="domain">The VM.</param>
    /// <param name="destination">Where it would go.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ReadinessReport> TestAsync(
        LibvirtDomain domain, LibvirtHost destination, MigrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(destination);
        var (when, start) = (_clock.GetLocalNow(), Stopwatch.StartNew());
        var demand = (options ?? MigrationOptions.Default).ToDemand(destination);
        var facts = await _gathering.GatherAsync(domain, destination, demand, _policy.Thresholds, cancellationToken).ConfigureAwait(false);
        return new ReadinessReport
        {
            Domain = facts.Domain.State.IsHad ? facts.State : domain,
            DestinationHost = destination,
            Findings = ReadinessJudgement.Judge(facts, _selection, _policy, DateOnly.FromDateTime(when.DateTime)),
            When = when,
            Took = start.Elapsed,
        };
    }
}
