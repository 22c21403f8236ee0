using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Cpu;

/// <summary>LM063: SEV, SEV-SNP, TDX and Secure Execution guests do not move.</summary>
internal sealed class NoConfidentialGuest()
    : ReadinessCheck("LM063", "The VM is not a confidential guest bound to its host", CheckCategory.Cpu, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#launch-security")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        yield return facts.Xml.Element("launchSecurity") is { } sealing
            ? Broken($"launchSecurity type='{(string?)sealing.Attribute("type")}' binds the memory to this host's CPU.", FixCommand.Virsh(facts.Source.Host, "shutdown", facts.Name))
            : Pass("The VM has no launchSecurity.");
    }
}
