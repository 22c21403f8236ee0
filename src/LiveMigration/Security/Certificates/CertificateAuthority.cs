using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LiveMigration.Security.Certificates;

/// <summary>A CA of one's own: it vouches for the hosts of a cluster and for nobody else.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int RsaBits = 3072;

    private readonly AsymmetricAlgorithm _key;

    internal CertificateAuthority(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        Certificate = certificate;
        _key = key;
    }

    internal X509Certificate2 Certificate { get; }

    /// <summary>Makes a CA, signed by itself.</summary>
    internal static CertificateAuthority Create(string name, CertificateKey kind, CertificateValidity validity)
    {
        var key = NewKey(kind);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var certificate = request.Create(request.SubjectName, Generator(key), validity.NotBefore, validity.NotAfter, NewSerial());
        return new CertificateAuthority(certificate, key);
    }

    /// <summary>Makes a certificate for a host. It is not valid for longer than the CA itself.</summary>
    internal (X509Certificate2 Certificate, string Key) Issue(
        string name, CertificateRole role, IReadOnlyCollection<string> names, CertificateKey kind, CertificateValidity validity)
    {
        using var key = NewKey(kind);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        // libvirtd 9.0 wants every server key to encipher keys, which ECDSA cannot; only where the extension is not critical it lets that pass.
        request.CertificateExtensions.Add(kind is CertificateKey.Rsa
            ? new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true)
            : new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(role is CertificateRole.Server ? ServerAuthentication : ClientAuthentication)], critical: false));
        if (names.Count > 0)
            request.CertificateExtensions.Add(CertificateNames.Extension(names));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var end = validity.NotAfter < Certificate.NotAfter ? validity.NotAfter : Certificate.NotAfter;
        return (request.Create(Certificate.SubjectName, Generator(_key), validity.NotBefore, end, NewSerial()), Pem(key));
    }

    /// <summary>The CA's key in the form in which it is kept.</summary>
    internal string ExportKey() => Pem(_key);

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest Request(string name, AsymmetricAlgorithm key)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return key is RSA rsa
            ? new CertificateRequest(builder.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(builder.Build(), (ECDsa)key, HashAlgorithmName.SHA256);
    }

    private static X509SignatureGenerator Generator(AsymmetricAlgorithm key) => key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa((ECDsa)key);

    private static AsymmetricAlgorithm NewKey(CertificateKey kind) =>
        kind is CertificateKey.Rsa ? RSA.Create(RsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static string Pem(AsymmetricAlgorithm key) => key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>Random and positive, as RFC 5280 wants it.</summary>
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }
}
