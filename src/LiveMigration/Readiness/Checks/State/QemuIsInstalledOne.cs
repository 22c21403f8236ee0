using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM043: after an upgrade a VM runs on in the old one until it moves or restarts.</summary>
internal sealed class QemuIsInstalledOne()
    : ReadinessCheck("LM043", "The VM runs on the installed QEMU version", CheckCategory.State, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Domain.Monitor is { IsUntold: true, Reason: var reason })
            return [Skip(reason!)];
        var (running, installed) = (facts.Domain.Monitor.Value.Version, facts.Source.Info.Value.HypervisorVersion);
        return running == installed
            ? [Pass($"The running and the installed version are {running}.")]
            : [Broken($"The VM runs on {running}, but {installed} is installed on {facts.Source.Name}.")];
    }
}
