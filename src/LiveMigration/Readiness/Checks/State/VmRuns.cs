using LiveMigration.Domains;
using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM029: what runs or is paused is moved live; only what is shut off is moved offline.</summary>
internal sealed class VmRuns()
    : ReadinessCheck("LM029", "The VM is in a state that can be migrated", CheckCategory.State, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    internal override Fault Fault => Faults.DomainNotRunning;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (status, name) = (facts.State.Status, FixCommand.Quote(facts.Name));
        yield return (facts.Demand.Offline, status.State) switch
        {
            (true, DomainState.ShutOff) => Pass($"The VM is {status}."),
            (true, _) => Broken($"The VM is {status}: -Offline is for a VM that is shut off.", FixCommand.Virsh(facts.Source.Host, "shutdown", facts.Name)),
            (_, DomainState.Running or DomainState.Blocked or DomainState.Paused) => Pass($"The VM is {status}."),
            (_, DomainState.ShutOff) => Broken($"The VM is {status}.", FixCommand.Virsh(facts.Source.Host, "start", facts.Name)),
            (_, DomainState.PmSuspended) => Broken($"The VM is {status}.", FixCommand.Virsh(facts.Source.Host, "dompmwakeup", facts.Name)),
            _ => Broken($"The VM is {status}."),
        };
    }
}
