using LiveMigration.Domains;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM031: an I/O error or a full disk pauses a VM; the cause has to be mended first.</summary>
internal sealed class PausedByError()
    : ReadinessCheck("LM031", "The VM was not stopped by an error", CheckCategory.State, CheckSeverity.Blocker)
{
    private const int IoError = 5, Watchdog = 6, Crashed = 10;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var status = facts.State.Status;
        yield return (status.State, status.ReasonCode) is (DomainState.Paused, IoError or Watchdog or Crashed)
            ? Broken($"It is {status}: it would stand still there as it does here. Mend the cause before it goes on; 'virsh domblkerror' tells of a disk.", FixCommand.Virsh(facts.Source.Host, "resume", facts.Name))
            : Pass($"It is {status}.");
    }
}
