namespace LiveMigration.Security;

/// <summary>Whether the traffic between the hosts is encrypted, by QEMU's own TLS (<c>VIR_MIGRATE_TLS</c>).</summary>
public enum MigrationTls
{
    /// <summary>Encrypted if both hosts have certificates; otherwise unencrypted, with a warning.</summary>
    Preferred,

    /// <summary>Encrypted, or nothing moves.</summary>
    Required,

    /// <summary>Unencrypted.</summary>
    Off,
}
