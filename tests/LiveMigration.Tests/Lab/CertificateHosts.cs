using System.Runtime.Versioning;
using LiveMigration.Hosts;
using LiveMigration.Security;
using LiveMigration.Security.Certificates;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>Hosts c and d, which nobody else needs, with a guest on c, and certificates of all kinds for them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CertificateHosts : IAsyncLifetime
{
    public const string Guest = "guarded";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly string _path = Directory.CreateTempSubdirectory("pki").FullName;

    internal static CertificateValidity Year { get; } = new(Now.AddHours(-1), Now.AddDays(365));

    internal static CertificateValidity Past { get; } = new(Now.AddDays(-20), Now.AddDays(-1));

    internal static CertificateValidity Future { get; } = new(Now.AddDays(2), Now.AddDays(365));

    public async Task InitializeAsync()
    {
        if (LabHosts.Unavailable is not null)
            return;
        await LabHosts.RunAsync("up", "c", "d");
        await LabHosts.RunAsync("guest", Guest, "c");
    }

    public async Task DisposeAsync()
    {
        Directory.Delete(_path, recursive: true);
        if (LabHosts.Unavailable is null)
            await LabHosts.RunAsync("down", "c", "d");
    }

    /// <summary>Certificates of one CA beside the certificate of another.</summary>
    internal async Task MixAsync(string host)
    {
        Make("theirs", host, Year);
        File.Copy(Path.Combine(_path, "ours", "ca-cert.pem"), Path.Combine(_path, "theirs", host, "ca-cert.pem"), overwrite: true);
        await CertificateInstallation.InstallAsync(Path.Combine(_path, "theirs", host), CertificateReader.Qemu, host, await SshAsync(host));
    }

    internal async Task<CertificateInstallation> InstallAsync(
        string authority, string host, CertificateValidity validity, CertificateReader readers = CertificateReader.Qemu, string[]? names = null,
        CertificateKey key = CertificateKey.Ecdsa)
    {
        var ssh = await SshAsync(host);
        Make(authority, host, validity, key, names: names ?? [host, $"{host}.lab", ssh.Host]);
        return await CertificateInstallation.InstallAsync(Path.Combine(_path, authority, host), readers, host, ssh);
    }

    internal void Make(
        string authority, string name, CertificateValidity validity, CertificateKey key = CertificateKey.Ecdsa, CertificateRole[]? roles = null, string[]? names = null)
    {
        var folder = new CertificateFolder(Path.Combine(_path, authority));
        folder.MakeAuthority(authority, key, 3650, Now.AddDays(-30));
        folder.Make(
            new HostCertificateRequest { Name = name, Names = names ?? [], Key = key, Replace = true, Roles = roles ?? [CertificateRole.Server, CertificateRole.Client] },
            validity);
    }

    internal async Task<LibvirtHost> ConnectAsync(string host) =>
        await LibvirtHost.ConnectAsync(host, HostUri.Parse(await LabHosts.UriAsync(host, "tls")).With("pkipath", Path.Combine(_path, "ours", "me")), new HostOptions { State = LabHosts.State });

    private static async Task<HostUri> SshAsync(string host) => HostUri.Parse(await LabHosts.UriAsync(host, "ssh"));
}
