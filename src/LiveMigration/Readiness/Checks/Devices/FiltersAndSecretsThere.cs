using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM077: what a definition refers to by name does not travel with it.</summary>
internal sealed class FiltersAndSecretsThere()
    : ReadinessCheck("LM077", "The destination has the VM's network filters and secrets", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatsecret.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var host = facts.Destination;
        foreach (var filter in facts.TargetDevices("interface").Elements("filterref").Select(one => (string?)one.Attribute("filter")).OfType<string>().Distinct())
        {
            yield return host.Filters.Value.Contains(filter)
                ? Pass($"{host.Name} has the filter.", filter)
                : Broken($"{host.Name} has no filter '{filter}'.", FixCommand.Copy(facts, "nwfilter-dumpxml", "nwfilter-define", filter), filter);
        }

        foreach (var secret in facts.TargetXml.Elements("devices").Descendants("secret").DistinctBy(one => one.ToString()))
        {
            var (uuid, usage) = ((string?)secret.Attribute("uuid"), (string?)secret.Attribute("usage"));
            yield return host.Secrets.Value.Any(one => one.Uuid == uuid || (uuid is null && one.Usage == usage))
                ? Pass($"{host.Name} has the secret; whether it has a value is known when the migration starts.", uuid ?? usage)
                : Broken($"{host.Name} has no secret {uuid ?? usage}. Set its value as well, with 'virsh secret-set-value'.", FixCommand.Copy(facts, "secret-dumpxml", "secret-define", uuid ?? usage ?? ""), uuid ?? usage);
        }
    }
}
