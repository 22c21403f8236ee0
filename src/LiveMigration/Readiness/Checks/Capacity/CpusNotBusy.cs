using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM049: a migration takes CPU time on both hosts, and the VM wants its own on the destination.</summary>
internal sealed class CpusNotBusy()
    : ReadinessCheck("LM049", "The hosts' CPUs are not overloaded", CheckCategory.Capacity, CheckSeverity.Warning)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) =>
        new[] { facts.Source, facts.Destination }.Select(host => Judge(host, facts.Thresholds.CpuBusy));

    private static Outcome Judge(HostSnapshot host, int most)
    {
        var evidence = FormattableString.Invariant($"The CPUs of {host.Name} are {host.CpuBusy.Value:0} % busy");
        return host.CpuBusy.Value > most ? Broken($"{evidence}; the limit is {most} %.", subject: host.Name) : Pass($"{evidence}.", host.Name);
    }
}
