using LiveMigration.Errors;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM044: a name and a UUID are a host's only once.</summary>
internal sealed class NoNamesake()
    : ReadinessCheck("LM044", "Nothing on the destination is in the VM's place", CheckCategory.Capacity, CheckSeverity.Blocker)
{
    internal override Fault Fault => Faults.DomainExists;

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var name = facts.Demand.NewName ?? facts.Name;
        foreach (var other in facts.Destination.Domains.Value.Where(domain => domain.Uuid == facts.Uuid || domain.Name == name))
        {
            var host = facts.Destination.Host;
            if (other.Uuid != facts.Uuid)
                yield return Broken($"Another domain there is called '{other.Name}' ({other.Uuid}).", FixCommand.Start(facts, $"-NewName {FixCommand.Quote(name + "-2")}"), other.Name);
            else if (Leftover.Is(other))
                continue;
            else if (other.Status.IsActive)
                yield return Broken($"It is there already and {other.Status}.", subject: other.Name);
            else if (other.Name != name)
                yield return Broken($"Its definition is there under the name '{other.Name}'.", FixCommand.Virsh(host, "undefine", other.Name), other.Name);
            else
                yield return Pass("A definition that an earlier migration left there is replaced.", other.Name);
        }

        if (facts.Destination.Domains.Value.All(domain => domain.Uuid != facts.Uuid && domain.Name != name))
            yield return Pass($"{facts.Destination.Name} has no such name and no such UUID.");
    }
}
