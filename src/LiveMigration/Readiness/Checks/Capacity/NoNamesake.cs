using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Capacity;

/// <summary>LM044: a name and a UUID are a host's only once.</summary>
internal sealed class NoNamesake()
    : ReadinessCheck("LM044", "The VM's name and UUID are free on the destination", CheckCategory.Capacity, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.DomainExists;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var name = facts.Demand.NewName ?? facts.Name;
        foreach (var other in facts.Destination.Domains.Value.Where(domain => domain.Uuid == facts.Uuid || domain.Name == name))
        {
            var host = facts.Destination.Host;
            if (other.Uuid != facts.Uuid)
                yield return Broken($"The destination has another domain named '{other.Name}' ({other.Uuid}).", FixCommand.Start(facts, $"-NewName {FixCommand.Quote(name + "-2")}"), other.Name);
            else if (Leftover.Is(other))
                continue;
            else if (other.Status.IsActive)
                yield return Broken($"The VM already exists on the destination and is {other.Status}.", subject: other.Name);
            else if (other.Name != name)
                yield return Broken($"The VM's definition exists on the destination under the name '{other.Name}'.", FixCommand.Virsh(host, "undefine", other.Name), other.Name);
            else
                yield return Pass("The definition that an earlier migration left on the destination is replaced.", other.Name);
        }

        if (facts.Destination.Domains.Value.All(domain => domain.Uuid != facts.Uuid && domain.Name != name))
            yield return Pass($"{facts.Destination.Name} has no domain with this name or UUID.");
    }
}
