namespace LiveMigration.Security.Certificates;

/// <summary>Where libvirt and QEMU look for certificates. Each has names of its own for the same files.</summary>
/// <param name="File">The file's name in a host's folder; QEMU's names.</param>
/// <param name="Target">Where it belongs; <c>$qemu_dir</c> is QEMU's folder, which its configuration may name.</param>
/// <param name="IsKey">Whether nobody but its reader may read it.</param>
/// <param name="Reader">Who reads it.</param>
internal sealed record CertificatePlace(string File, string Target, bool IsKey, CertificateReader Reader)
{
    internal static readonly IReadOnlyList<CertificatePlace> All =
    [
        new("ca-cert.pem", "/etc/pki/CA/cacert.pem", false, CertificateReader.Libvirt),
        new("server-key.pem", "/etc/pki/libvirt/private/serverkey.pem", true, CertificateReader.Libvirt),
        new("server-cert.pem", "/etc/pki/libvirt/servercert.pem", false, CertificateReader.Libvirt),
        new("client-key.pem", "/etc/pki/libvirt/private/clientkey.pem", true, CertificateReader.Libvirt),
        new("client-cert.pem", "/etc/pki/libvirt/clientcert.pem", false, CertificateReader.Libvirt),
        new("ca-cert.pem", "$qemu_dir/ca-cert.pem", false, CertificateReader.Qemu),
        new("server-key.pem", "$qemu_dir/server-key.pem", true, CertificateReader.Qemu),
        new("server-cert.pem", "$qemu_dir/server-cert.pem", false, CertificateReader.Qemu),
        new("client-key.pem", "$qemu_dir/client-key.pem", true, CertificateReader.Qemu),
        new("client-cert.pem", "$qemu_dir/client-cert.pem", false, CertificateReader.Qemu),
    ];

    /// <summary>How libvirt calls a file that QEMU calls so.</summary>
    internal static string LibvirtName(string file) => file.Replace("-cert", "cert", StringComparison.Ordinal).Replace("-key", "key", StringComparison.Ordinal);

    /// <summary>The file in a folder, under either name; null when it is not there.</summary>
    internal string? In(string folder) => new[] { File, LibvirtName(File) }
        .Select(name => Path.Combine(folder, name)).FirstOrDefault(System.IO.File.Exists);
}
