using LiveMigration.Security.Certificates;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Tls;

/// <summary>LM025: expired, not yet valid, or made for another use.</summary>
internal sealed class CertificateValid()
    : ReadinessCheck("LM025", "The destination's certificate is valid", CheckCategory.Tls, CheckSeverity.Warning, "https://libvirt.org/kbase/tlscerts.html")
{
    private static readonly CertificateFaultKind[] Elsewhere = [CertificateFaultKind.WrongName, CertificateFaultKind.NoAnswer, CertificateFaultKind.Missing];

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var shown = facts.Fit.Certificate.Value;
        var faults = shown.Faults.Where(fault => !Elsewhere.Contains(fault.Kind)).ToArray();
        if (shown.NotAfter is null)
            return [Untold("The destination presented no certificate: see LM024.", shown.Target)];
        return faults.Length == 0
            ? [Pass(FormattableString.Invariant($"The certificate is valid until {shown.NotAfter:yyyy-MM-dd}."), shown.Target)]
            : faults.Select(fault => Broken(fault.Message, FixCommand.Certify(facts.Destination.Host, $" -Address {FixCommand.Quote(facts.Destination.Host.Uri.Host)} -Force"), shown.Target));
    }
}
