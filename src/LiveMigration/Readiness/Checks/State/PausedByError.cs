using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM031: an I/O error or a full disk pauses a VM; the cause has to be fixed first.</summary>
internal sealed class PausedByError()
    : ReadinessCheck("LM031", "The VM is not paused because of an error", CheckCategory.State, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var status = facts.State.Status;
        yield return status.IsPausedByError
            ? Broken($"The VM is {status}, and would stay paused on the destination. Fix the cause before resuming it; 'virsh domblkerror' shows disk errors.", FixCommand.Virsh(facts.Source.Host, "resume", facts.Name))
            : Pass($"The VM is {status}.");
    }
}
