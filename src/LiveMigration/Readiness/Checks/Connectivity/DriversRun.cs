using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM104: where each driver has a daemon of its own, one may be missing: what it would tell is not known, or not there.</summary>
internal sealed class DriversRun()
    : ReadinessCheck("LM104", "libvirt's drivers run on both hosts", CheckCategory.Connectivity, CheckSeverity.Warning, "https://libvirt.org/daemons.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => [Judge(facts.Source), Judge(facts.Destination)];

    private static Outcome Judge(HostSnapshot host)
    {
        // That it answered is what makes this more than silence.
        _ = host.Info.Value;
        return host.MissingDrivers.Count == 0
            ? Pass($"All that were asked answered on {host.Name}.", host.Name)
            : Broken(
                $"On {host.Name} {string.Join(", ", host.MissingDrivers)} {(host.MissingDrivers.Count == 1 ? "does" : "do")} not run: the host has no networks, storage pools, secrets or filters of that kind, and its interfaces may be unknown.",
                FixCommand.On(host.Host, $"systemctl enable --now {string.Join(' ', host.MissingDrivers.Select(daemon => $"{daemon}.socket"))}"), host.Name);
    }
}
