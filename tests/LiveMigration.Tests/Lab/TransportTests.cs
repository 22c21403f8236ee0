using System.Net;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>E1: however the hosts are reached, guests move between them, and what travels is encrypted.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class TransportTests(LabHosts lab)
{
    public static TheoryData<string, MigrationMode> Ways => new()
    {
        { "ssh", MigrationMode.PeerToPeer },
        { "ssh", MigrationMode.Direct },
        { "tls", MigrationMode.PeerToPeer },
        { "tls", MigrationMode.Direct },
    };

    [LabTheory]
    [MemberData(nameof(Ways))]
    public async Task A_guest_moves_there_and_back_whoever_steers(string transport, MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        using var a = await LabHosts.ConnectAsync("a", transport);
        using var b = await LabHosts.ConnectAsync("b", transport);
        foreach (var (from, to, name) in new[] { (a, b, "b"), (b, a, "a") })
        {
            var plan = await (await from.GetDomainAsync(guest.Name)).PlanMigrationAsync(to, new MigrationOptions { Mode = mode, Tls = MigrationTls.Required });
            if (mode is MigrationMode.PeerToPeer)
                Assert.StartsWith($"qemu+{transport}://", plan.PeerUri, StringComparison.Ordinal);
            var result = await plan.Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(result is { Outcome: MigrationOutcome.Completed, Encrypted: true } && result.Mode == mode, result.Error);
            await guest.ShouldBeWholeAsync(name);
        }
    }

    /// <summary>E5: the control connection is to an address; memory goes to the host's name, and disks too, at ports of one's choice.</summary>
    [LabFact]
    public async Task Memory_and_disks_go_to_the_address_and_the_ports_that_are_named()
    {
        int[] ports = [49333, 49334];
        await using var guest = await lab.GuestAsync("disk=local", "rate=1");
        var options = new MigrationOptions
        {
            MigrationUri = $"tcp://b.lab:{ports[0]}",
            ListenAddress = lab.B.Uri.Host,
            DisksPort = ports[1],
            Tls = MigrationTls.Required,
            Bandwidth = Bandwidth.Parse("10MiB/s"),
        };
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, options)).Start();
        while (run.Progress is { Iteration: null } && !run.Completion.IsCompleted)
            await Task.Delay(50);
        var sockets = await LabHosts.RunAsync("sh", "b", "ss", "-Htn", "state", "established");
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Encrypted: true }, result.Error);
        Assert.All(ports, port => Assert.Contains($"{lab.B.Uri.Host}:{port} ", sockets, StringComparison.Ordinal));
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>The source's daemon has no password for the destination's: then this client steers, who has.</summary>
    [LabFact]
    public async Task A_password_over_TLS_opens_the_door_and_a_guest_goes_in_and_out()
    {
        await using var guest = await lab.GuestAsync();
        await LabHosts.RunAsync("up", "c", "sasl=1");
        try
        {
            await LabHosts.RunAsync("sh", "c", "sed", "-i", "s/^auth_tls = .*/auth_tls = \"sasl\"/", "/etc/libvirt/libvirtd.conf");
            await LabHosts.RunAsync("daemon", "c", "restart");
            foreach (var credential in new[] { null, new NetworkCredential("lab", "secret-and-wrong") })
            {
                var error = await Assert.ThrowsAnyAsync<LiveMigrationException>(() => ConnectAsync(credential).WaitAsync(TimeSpan.FromMinutes(1)));
                Assert.Equal(Faults.AuthenticationFailed, error.Fault);
                Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
            }

            using var c = await ConnectAsync(new NetworkCredential("lab", "lab"));
            Assert.True((await c.GetInfoAsync()).IsSecure);
            var there = await MoveAsync(await guest.OnA, c);
            Assert.Equal(MigrationMode.Direct, there.Mode);
            Assert.Contains(there.Notices, notice => notice.Contains("this client controls", StringComparison.Ordinal));
            await guest.ShouldBeWholeAsync("c");
            await MoveAsync(await c.GetDomainAsync(guest.Name), lab.A);
            await guest.ShouldBeWholeAsync("a");
        }
        finally
        {
            await LabHosts.RunAsync("down", "c");
        }
    }

    private static Task<LibvirtHost> ConnectAsync(NetworkCredential? credential) =>
        LabHosts.ConnectAsync("c", "tls", new HostOptions { Credential = credential });

    private static async Task<MigrationResult> MoveAsync(LibvirtDomain domain, LibvirtHost to)
    {
        var result = await (await domain.PlanMigrationAsync(to, new MigrationOptions { Tls = MigrationTls.Required })).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(result is { Outcome: MigrationOutcome.Completed, Encrypted: true }, result.Error);
        return result;
    }
}
