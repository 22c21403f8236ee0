using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM032: a save, a dump or a migration holds the VM's lock.</summary>
internal sealed class NoJob()
    : ReadinessCheck("LM032", "No other job is running for the VM", CheckCategory.State, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.DomainLocked;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (!facts.State.Status.IsActive)
            return [Pass("The VM is not running.")];
        var job = facts.Domain.Job.Value;
        if (!job.IsActive && !facts.State.Migrating)
            return [Pass("No job is running.")];
        return job.IsMigration || facts.State.Migrating
            ? [Broken("The VM is already being migrated: wait for that migration, or stop it.", $"Stop-VMLiveMigration {FixCommand.Quote(facts.Name)}")]
            : [Broken($"A job is running ({job.Operation}).", FixCommand.Virsh(facts.Source.Host, "domjobabort", facts.Name))];
    }
}
