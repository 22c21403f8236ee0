using LiveMigration.Readiness.KnownFaults;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM102: states that this pair of QEMUs is known not to survive.</summary>
internal sealed class NoKnownFault()
    : ReadinessCheck("LM102", "No known QEMU fault would end the VM", CheckCategory.State, CheckSeverity.Blocker, "https://www.qemu.org/docs/master/devel/migration/main.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var hosts = new[] { (facts.Source.Name, Version: Running(facts)), (facts.Destination.Name, Version: facts.Destination.Info.Value.HypervisorVersion) };
        var met = KnownFaultTable.Rows
            .Select(fault => (Fault: fault, Host: hosts.Take(fault.OnDestination ? 2 : 1).FirstOrDefault(host => fault.IsIn(host.Version))))
            .Where(one => one.Host.Name is not null)
            .Select(one => (one.Fault, one.Host, Meets: one.Fault.Meets(facts)))
            .Where(one => one.Meets is not false).ToArray();
        return met.Length == 0
            ? [Pass($"QEMU {hosts[0].Version} and {hosts[1].Version} have no known fault that affects the VM.")]
            : met.Select(one => one.Meets is true
                ? Broken($"QEMU {one.Host.Version} on {one.Host.Name}: {one.Fault.Words} See {one.Fault.Source}", one.Fault.Fix?.Invoke(facts), one.Fault.Name)
                : Untold(one.Fault.Untold, one.Fault.Name));
    }

    /// <summary>The version that the VM runs on, where QEMU was asked; else the one that is installed.</summary>
    private static Version Running(ReadinessFacts facts) =>
        facts.Domain.Monitor is { IsHad: true, Value.Version: var version } ? version : facts.Source.Info.Value.HypervisorVersion;
}
