using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LiveMigration.Security.Certificates;

/// <summary>Shakes hands with libvirt's daemon and looks at what it shows.</summary>
internal static class CertificateHandshake
{
    internal const int LibvirtPort = 16514;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="address">The name or address, as it is used.</param>
    /// <param name="port">The port.</param>
    /// <param name="authority">The CA that is trusted; null looks at the rest only.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static async Task<CertificateReport> CheckAsync(
        string address, int port, X509Certificate2? authority, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var target = $"{address}:{port}";
        var shown = await ShownAsync(address, port, cancellationToken).ConfigureAwait(false);
        using var certificate = shown.Certificate;
        return certificate is null
            ? new CertificateReport { Target = target, Faults = new[] { shown.Fault! } }
            : new CertificateReport
            {
                Target = target,
                Names = CertificateNames.Read(certificate),
                NotAfter = certificate.NotAfter,
                Faults = new CertificateChecks(authority, now).Of("The server certificate", certificate, CertificateRole.Server, [address]).ToArray(),
            };
    }

    private static async Task<(X509Certificate2? Certificate, CertificateFault? Fault)> ShownAsync(string address, int port, CancellationToken cancellationToken)
    {
        X509Certificate2? shown = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Trim('[', ']'), port, limit.Token).ConfigureAwait(false);
            using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = address.Trim('[', ']'),
                    // Nothing is believed and nothing sent: it is looked at, and judged by all of its faults and not by the first.
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        shown = certificate is null ? null : Copy(certificate);
                        return false;
                    },
                },
                limit.Token).ConfigureAwait(false);
        }
        catch (Exception) when (shown is not null)
        {
            // We have seen what we came for, and have hung up.
        }
        catch (Exception error) when (error is SocketException or IOException or AuthenticationException or CryptographicException)
        {
            return (null, new(CertificateFaultKind.NoAnswer, $"{address}:{port} does not answer with TLS: {error.Message}",
                "Make libvirt's daemon listen: 'systemctl enable --now libvirtd-tls.socket' (virtproxyd-tls.socket), with certificates installed; and check the firewall."));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new(CertificateFaultKind.NoAnswer, $"{address}:{port} does not answer within {Patience.TotalSeconds:0} s.", "Check that the host is up, and check the firewall."));
        }

        return shown is null
            ? (null, new(CertificateFaultKind.Missing, $"{address}:{port} presents no certificate.", "Install one with Install-MigrationCertificate."))
            : (shown, null);
    }

    /// <summary>The handshake's own is gone with the handshake.</summary>
    private static X509Certificate2 Copy(X509Certificate certificate) =>
        X509Certificate2.CreateFromPem(PemEncoding.WriteString("CERTIFICATE", certificate.GetRawCertData()));
}
