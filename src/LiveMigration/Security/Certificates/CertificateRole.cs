namespace LiveMigration.Security.Certificates;

/// <summary>What a certificate is for.</summary>
public enum CertificateRole
{
    /// <summary>To sign the others (CA).</summary>
    Authority,

    /// <summary>To be connected to.</summary>
    Server,

    /// <summary>To connect.</summary>
    Client,
}
