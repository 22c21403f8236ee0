namespace LiveMigration.Security;

/// <summary>Whether what travels between the hosts is encrypted, by QEMU's own TLS (<c>VIR_MIGRATE_TLS</c>).</summary>
public enum MigrationTls
{
    /// <summary>Where both hosts have certificates for it; where one has none, in the clear, and that is said.</summary>
    Preferred,

    /// <summary>Encrypted, or nothing moves.</summary>
    Required,

    /// <summary>In the clear.</summary>
    Off,
}
