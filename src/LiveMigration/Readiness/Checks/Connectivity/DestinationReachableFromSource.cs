using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM003: peer-to-peer, the source's daemon logs in to the destination's.</summary>
internal sealed class DestinationReachableFromSource()
    : ReadinessCheck("LM003", "The source can connect to the destination's daemon", CheckCategory.Connectivity, CheckSeverity.Warning, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand is { Direct: true } or { PeerUri: null })
        {
            yield return Skip("This client controls the migration: the source does not connect to the destination's daemon.");
            yield break;
        }

        var probe = facts.Fit.Daemon.Value;
        if (probe.Answer is not ProbeAnswer.Open)
            yield return Broken($"From this client, {probe}.", FixCommand.Start(facts, "-Mode Direct"));
        else if (facts.Source.Host.Uri.IsLocal)
            yield return Pass($"{probe}.");
        else
            yield return Untold($"From this client, {probe}; whether {facts.Source.Name} can connect is known only when a migration starts.");
    }
}
