using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM033: libvirt migrates no VM with a copy, commit or backup under way.</summary>
internal sealed class NoBlockJob()
    : ReadinessCheck("LM033", "No block job is running on the VM's disks", CheckCategory.State, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.DomainLocked;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Domain.BlockJobs.Value switch
    {
        [] => [Pass("No block job is running.")],
        var busy => busy.Select(disk => Broken(
            "A copy, commit or backup is running.", FixCommand.Virsh(facts.Source.Host, "blockjob", facts.Name, disk, "--abort"), disk)),
    };
}
