using LiveMigration.Domains;
using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM029: what runs or is paused is moved live; only what is shut off is moved offline.</summary>
internal sealed class VmRuns()
    : ReadinessCheck("LM029", "The VM is in a state that can be moved", CheckCategory.State, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    internal override Fault Fault => Faults.DomainNotRunning;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (status, name) = (facts.State.Status, FixCommand.Quote(facts.Name));
        yield return (facts.Demand.Offline, status.State) switch
        {
            (true, DomainState.ShutOff) => Pass($"It is {status}."),
            (true, _) => Broken($"It is {status}: -Offline is for a VM that does not run.", FixCommand.Virsh(facts.Source.Host, "shutdown", facts.Name)),
            (_, DomainState.Running or DomainState.Blocked or DomainState.Paused) => Pass($"It is {status}."),
            (_, DomainState.ShutOff) => Broken($"It is {status}.", FixCommand.Virsh(facts.Source.Host, "start", facts.Name)),
            (_, DomainState.PmSuspended) => Broken($"It is {status}.", FixCommand.Virsh(facts.Source.Host, "dompmwakeup", facts.Name)),
            _ => Broken($"It is {status}."),
        };
    }
}
