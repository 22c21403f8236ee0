using System.Diagnostics;
using System.Runtime.Versioning;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>E1: over SSH an unknown host is refused unless its key is accepted by name, and one whose key has changed always.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
[UnsupportedOSPlatform("windows")]
public sealed class HostKeyTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("keys").FullName;

    private string KnownHosts => Path.Combine(_path, "known_hosts");

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [LabFact]
    public async Task A_host_that_nobody_knows_is_refused_until_its_key_is_accepted()
    {
        var uri = await UriAsync();
        Assert.Equal(Faults.HostKeyRejected, (await Assert.ThrowsAnyAsync<LiveMigrationException>(() => LibvirtHost.ConnectAsync("b", uri))).Fault);
        Assert.False(File.Exists(KnownHosts));
        await HostKeys.AcceptNewAsync("b", uri);
        Assert.Contains(uri.Host, File.ReadAllText(KnownHosts), StringComparison.Ordinal);
        using var host = await LibvirtHost.ConnectAsync("b", uri);
        Assert.Equal("b.lab", (await host.GetInfoAsync()).MachineName);
    }

    [LabFact]
    public async Task A_key_that_has_changed_is_refused_even_where_new_ones_are_accepted()
    {
        var uri = await UriAsync();
        const string Another = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
        await File.WriteAllTextAsync(KnownHosts, $"{uri.Host} {Another}\n");
        Assert.Equal(Faults.HostKeyRejected, (await Assert.ThrowsAnyAsync<LiveMigrationException>(() => HostKeys.AcceptNewAsync("b", uri))).Fault);
        Assert.Equal(Faults.HostKeyRejected, (await Assert.ThrowsAnyAsync<LiveMigrationException>(() => LibvirtHost.ConnectAsync("b", uri))).Fault);
        Assert.Equal($"{uri.Host} {Another}\n", await File.ReadAllTextAsync(KnownHosts));
    }

    /// <summary>What would ask a person is refused at once: ssh may not ask, not even at a terminal.</summary>
    [LabFact]
    public async Task A_key_with_a_passphrase_is_refused_and_nobody_is_asked()
    {
        var uri = await UriAsync();
        await HostKeys.AcceptNewAsync("b", uri);
        var locked = Path.Combine(_path, "locked");
        File.Copy(uri.Get("keyfile")!, locked);
        File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var keygen = Process.Start("ssh-keygen", ["-q", "-p", "-N", "a passphrase", "-f", locked]))
            await keygen.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        var error = await Assert.ThrowsAnyAsync<LiveMigrationException>(async () =>
            await LibvirtHost.ConnectAsync("b", (await UriAsync(locked)).With("keyfile", locked)).WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(Faults.AuthenticationFailed, error.Fault);
    }

    [LabFact]
    public async Task A_host_that_is_not_reached_by_ssh_has_no_key() => Assert.Equal(
        Faults.ContradictingOptions,
        (await Assert.ThrowsAnyAsync<LiveMigrationException>(async () => await HostKeys.AcceptNewAsync("b", HostUri.Parse(await LabHosts.UriAsync("b"))))).Fault);

    /// <summary>The lab's ssh, with known hosts of its own: those of whoever runs this are left alone.</summary>
    private async Task<HostUri> UriAsync(string? key = null)
    {
        var uri = HostUri.Parse(await LabHosts.UriAsync("b", "ssh"));
        var program = Path.Combine(_path, "ssh");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec ssh -F none -i '{key ?? uri.Get("keyfile")}' -o IdentitiesOnly=yes -o UserKnownHostsFile='{KnownHosts}' -o GlobalKnownHostsFile=none \"$@\"\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        return uri.With("command", program);
    }
}
