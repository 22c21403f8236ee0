using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace LiveMigration.Security.Certificates;

/// <summary>A certificate → what is wrong with it. Pure: what libvirt and QEMU would find, and what they would not tell.</summary>
/// <param name="authority">The CA that is trusted; null when it is not there.</param>
/// <param name="now">The time.</param>
internal sealed class CertificateChecks(X509Certificate2? authority, DateTimeOffset now)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int LeastRsaBits = 2048;
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    internal IEnumerable<CertificateFault> Authority()
    {
        if (authority is null)
            yield break;
        foreach (var fault in Validity("The CA", authority))
            yield return fault with { Fix = "Create a new CA with New-MigrationCertificate in another folder, and all certificates with it." };
        var usage = authority.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (authority.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true }
            || (usage is not null && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign)))
            yield return new(CertificateFaultKind.NotAnAuthority, $"The CA certificate ({authority.Subject}) does not belong to a CA.",
                "Use the certificate of the CA, not that of a host.");
    }

    /// <param name="what">How to call it, for example <c>The server certificate</c>.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="role">What it is used for.</param>
    /// <param name="addresses">The names and addresses by which the host is reached.</param>
    internal IEnumerable<CertificateFault> Of(string what, X509Certificate2 certificate, CertificateRole role, IEnumerable<string> addresses)
    {
        foreach (var fault in Validity(what, certificate))
            yield return fault;
        if (authority is not null && !IsIssued(certificate, authority))
            yield return new(CertificateFaultKind.OtherAuthority, $"{what} was issued by '{certificate.Issuer}', not by this CA, '{authority.Subject}'.",
                "Create it with the same CA as the others: New-MigrationCertificate -Path with that CA's folder; then Install-MigrationCertificate.");
        foreach (var fault in Usage(what, certificate, role))
            yield return fault;
        using (var rsa = certificate.GetRSAPublicKey())
        {
            if (rsa is { KeySize: < LeastRsaBits })
                yield return new(CertificateFaultKind.WeakKey, $"{what} has an RSA key of {rsa.KeySize} bits, which GnuTLS does not accept.", Renew);
        }

        foreach (var address in addresses)
        {
            if (!certificate.MatchesHostname(address.Trim('[', ']'), allowWildcards: true, allowCommonName: false))
            {
                var names = CertificateNames.Read(certificate);
                yield return new(CertificateFaultKind.WrongName, $"{what} is not for '{address}', but for {(names.Count == 0 ? "no name at all" : string.Join(", ", names))}.",
                    $"{Renew} Add '{address}' with -Address, or connect to the host by a name that the certificate contains (-MigrationUri, -TlsName).");
            }
        }
    }

    private const string Renew = "Create a new one with New-MigrationCertificate -Force and install it with Install-MigrationCertificate.";

    private IEnumerable<CertificateFault> Validity(string what, X509Certificate2 certificate)
    {
        if (certificate.NotAfter < now)
            yield return new(CertificateFaultKind.Expired, $"{what} expired on {Date(certificate.NotAfter)}.", Renew);
        else if (certificate.NotAfter < now + Soon)
            yield return new(CertificateFaultKind.ExpiresSoon, $"{what} expires on {Date(certificate.NotAfter)}.", Renew);
        if (certificate.NotBefore > now)
            yield return new(CertificateFaultKind.NotYetValid, $"{what} is not valid before {Date(certificate.NotBefore)}.", $"Check the clocks of both hosts. {Renew}");
    }

    private static IEnumerable<CertificateFault> Usage(string what, X509Certificate2 certificate, CertificateRole role)
    {
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
            yield return new(CertificateFaultKind.WrongUsage, $"{what} is a CA certificate.", Renew);
        var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .SelectMany(extension => extension.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>()).Select(purpose => purpose.Value).ToArray();
        var wanted = role is CertificateRole.Server ? ServerAuthentication : ClientAuthentication;
        if (purposes.Length > 0 && !purposes.Contains(wanted))
            yield return new(CertificateFaultKind.WrongUsage, $"{what} cannot be used by a {role.ToString().ToLowerInvariant()} (extended key usage).", Renew);
        if (certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is not { } usage)
            yield break;
        if (!usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
            yield return new(CertificateFaultKind.WrongUsage, $"{what} does not allow digital signatures (key usage).", Renew);
        if (usage.Critical && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyEncipherment))
            yield return new(CertificateFaultKind.WrongUsage, $"{what} does not allow key encipherment (key usage), which libvirtd 9.0 and QEMU 7.2 require.", Renew);
    }

    /// <summary>Whether the CA signed it; the validity is looked at by itself.</summary>
    private static bool IsIssued(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreCtlNotTimeValid
            | X509VerificationFlags.IgnoreInvalidBasicConstraints | X509VerificationFlags.IgnoreWrongUsage;
        return chain.Build(certificate);
    }

    private static string Date(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
