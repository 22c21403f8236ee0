using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM067: libvirt refuses when lock_manager in qemu.conf differs.</summary>
internal sealed class SameLockManager()
    : ReadinessCheck("LM067", "Both hosts use the same lock manager", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/kbase/locking.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (here, there) = (Manager(facts.Source), Manager(facts.Destination));
        yield return here == there ? Pass($"{here}.") : Broken(
            $"{facts.Source.Name} has {here}, {facts.Destination.Name} has {there}. Restart its daemon to apply the change.",
            FixCommand.On(facts.Destination.Host, Change(here)));
    }

    private static FormattableString Change(string manager) => manager is "none"
        ? (FormattableString)$"sed -i \"/^lock_manager/d\" {QemuConfiguration.Path}"
        : $"sed -i \"/^lock_manager/d\" {QemuConfiguration.Path}; echo lock_manager = \\\"{manager}\\\" >> {QemuConfiguration.Path}";

    private static string Manager(HostSnapshot host) => host.QemuConfiguration.Value.GetValueOrDefault("lock_manager", "none");
}
