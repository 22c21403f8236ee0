namespace LiveMigration.Security.Certificates;

/// <summary>What can be wrong with a certificate.</summary>
public enum CertificateFaultKind
{
    /// <summary>There is no file, or no certificate was shown.</summary>
    Missing,

    /// <summary>The file is not a certificate or key.</summary>
    Unreadable,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>It is not valid yet: it was made for later, or a clock is wrong.</summary>
    NotYetValid,

    /// <summary>It will not be valid for much longer.</summary>
    ExpiresSoon,

    /// <summary>It is not from this CA.</summary>
    OtherAuthority,

    /// <summary>The CA's certificate is not one of a CA.</summary>
    NotAnAuthority,

    /// <summary>A name or an address by which the host is reached is not in it.</summary>
    WrongName,

    /// <summary>It may not be used for what it is used for.</summary>
    WrongUsage,

    /// <summary>The key belongs to a different certificate.</summary>
    OtherKey,

    /// <summary>Users other than its owner can read the key.</summary>
    WrongFileMode,

    /// <summary>Its key is too short for what checks it.</summary>
    WeakKey,

    /// <summary>Nobody answers at the address, or not with TLS.</summary>
    NoAnswer,
}
