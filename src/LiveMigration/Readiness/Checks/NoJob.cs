using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM032: a save, a dump or a migration holds the VM's lock.</summary>
internal sealed class NoJob()
    : ReadinessCheck("LM032", "No other job of the VM is under way", CheckCategory.State, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.DomainLocked;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (!facts.State.Status.IsActive)
            return [Pass("It does not run.")];
        var job = facts.Domain.Job.Value;
        if (!job.IsActive && !facts.State.Migrating)
            return [Pass("There is none.")];
        return job.IsMigration || facts.State.Migrating
            ? [Broken("It is being migrated: wait for that, or end it.", $"Stop-VMLiveMigration {FixCommand.Quote(facts.Name)}")]
            : [Broken($"A job is under way ({job.Operation}).", FixCommand.Virsh(facts.Source.Host, "domjobabort", facts.Name))];
    }
}
