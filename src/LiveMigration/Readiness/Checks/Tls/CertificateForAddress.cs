using LiveMigration.Security.Certificates;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Tls;

/// <summary>LM024: what the daemon shows has to be for the address that is used.</summary>
internal sealed class CertificateForAddress()
    : ReadinessCheck("LM024", "The destination's certificate matches its address", CheckCategory.Tls, CheckSeverity.Warning, "https://libvirt.org/kbase/tlscerts.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var shown = facts.Fit.Certificate.Value;
        yield return shown.Faults.FirstOrDefault(fault => fault.Kind is CertificateFaultKind.WrongName) is { } wrong
            ? Broken(wrong.Message, FixCommand.Certify(facts.Destination.Host, $" -Address {FixCommand.Quote(facts.Destination.Host.Uri.Host)} -Force"), shown.Target)
            : shown.Faults.FirstOrDefault(fault => fault.Kind is CertificateFaultKind.NoAnswer or CertificateFaultKind.Missing) is { } none
                ? Untold(none.Message, shown.Target)
                : Pass($"The certificate is for {string.Join(", ", shown.Names)}.", shown.Target);
    }
}
