using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM072: an emulated TPM moves; a real one is soldered.</summary>
internal sealed class TpmMoves()
    : ReadinessCheck("LM072", "The VM's TPM can be migrated", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#tpm-device")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        foreach (var backend in facts.Devices("tpm").Elements("backend"))
        {
            if ((string?)backend.Attribute("type") is not "emulator")
                yield return Broken("The TPM is a hardware chip of the source.", subject: (string?)backend.Attribute("type"));
            else if ((string?)backend.Element("encryption")?.Attribute("secret") is { } secret && !facts.Destination.Secrets.Value.Any(one => one.Uuid == secret))
                yield return Broken($"The TPM's state is encrypted with the secret {secret}, which {facts.Destination.Name} does not have. Set its value as well, with 'virsh secret-set-value'.", FixCommand.Copy(facts, "secret-dumpxml", "secret-define", secret));
            else
                yield return Pass("The TPM is emulated (swtpm): its state is migrated with the VM.");
        }
    }
}
