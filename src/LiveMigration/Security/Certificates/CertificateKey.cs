namespace LiveMigration.Security.Certificates;

/// <summary>The kind of a certificate's key.</summary>
public enum CertificateKey
{
    /// <summary>RSA with 3072 bits: every libvirt takes it.</summary>
    Rsa,

    /// <summary>ECDSA on P-256: quicker to shake hands with. libvirtd 9.0 takes ours and warns in its log; those of other makers it may refuse.</summary>
    Ecdsa,
}
