namespace LiveMigration.Security.Certificates;

/// <summary>Who reads certificates on a host.</summary>
[Flags]
public enum CertificateReader
{
    /// <summary>libvirt's daemon, for <c>qemu+tls</c> connections, and its clients.</summary>
    Libvirt = 1,

    /// <summary>QEMU, for the memory and disks of a migration.</summary>
    Qemu = 2,

    /// <summary>Both.</summary>
    All = Libvirt | Qemu,
}
