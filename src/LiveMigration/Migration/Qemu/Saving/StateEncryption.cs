namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>How a saved state is encrypted, by a program on QEMU's host. Both notice every change and every cut of what they have encrypted.</summary>
public enum StateEncryption
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>age.</summary>
    Age,

    /// <summary>GnuPG.</summary>
    Gpg,
}
