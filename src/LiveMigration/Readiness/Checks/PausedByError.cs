using LiveMigration.Domains;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM031: an I/O error or a full disk pauses a VM; the cause has to be fixed first.</summary>
internal sealed class PausedByError()
    : ReadinessCheck("LM031", "The VM is not paused because of an error", CheckCategory.State, CheckSeverity.Blocker)
{
    private const int IoError = 5, Watchdog = 6, Crashed = 10;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var status = facts.State.Status;
        yield return (status.State, status.ReasonCode) is (DomainState.Paused, IoError or Watchdog or Crashed)
            ? Broken($"The VM is {status}, and would stay paused on the destination. Fix the cause before resuming it; 'virsh domblkerror' shows disk errors.", FixCommand.Virsh(facts.Source.Host, "resume", facts.Name))
            : Pass($"The VM is {status}.");
    }
}
