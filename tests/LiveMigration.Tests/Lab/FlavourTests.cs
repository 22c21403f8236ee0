using System.Net;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Lab;

/// <summary>Hosts that differ: a newer libvirt and QEMU, another way in.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class FlavourTests(LabHosts lab) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => LabHosts.RunAsync("down", "c");

    [LabFact]
    public async Task A_guest_moves_from_an_old_host_to_a_new_one_and_back()
    {
        using var newer = await NewerAsync();
        await using var guest = await lab.GuestAsync("disk=shared", "diskrate=1");
        var options = new MigrationOptions { AllowUnsafe = true };
        var there = await (await (await guest.OnA).PlanMigrationAsync(newer, options)).Start().Completion;
        Assert.True(there.Outcome is MigrationOutcome.Completed, there.Error);
        await guest.ShouldBeWholeAsync("c");
        var arrived = await newer.GetDomainAsync(guest.Name);
        var back = await (await arrived.PlanMigrationAsync(lab.A, options)).Start().Completion;
        Assert.True(back.Outcome is MigrationOutcome.Completed, back.Error);
        await guest.ShouldBeWholeAsync("a");
    }

    [LabFact]
    public async Task A_cpu_that_the_destination_does_not_have()
    {
        using var newer = await NewerAsync();
        var domain = await StartOnNewerAsync(newer, "machine=pc-i440fx-7.2", "<feature policy='require' name='wbnoinvd'/></cpu>");
        var result = await (await domain.PlanMigrationAsync(lab.A)).Start().Completion;
        Assert.True(result.Fault == Faults.CpuIncompatible, result.Error);
        Assert.Equal((MigrationVerdict.Stayed, DomainState.Running), (result.Verdict, (await newer.GetDomainAsync(domain.Name)).State));
    }

    [LabFact]
    public async Task A_machine_type_that_the_destination_does_not_have()
    {
        using var newer = await NewerAsync();
        var domain = await StartOnNewerAsync(newer, "machine=pc", "</cpu>");
        var result = await (await domain.PlanMigrationAsync(lab.A)).Start().Completion;
        Assert.True(result.Fault == Faults.MachineTypeMissing, result.Error);
        Assert.Equal(DomainState.Running, (await newer.GetDomainAsync(domain.Name)).State);
    }

    [LabFact]
    public async Task A_password_opens_the_door_and_a_wrong_one_does_not()
    {
        await LabHosts.RunAsync("up", "c", "sasl=1");
        using var host = await LabHosts.ConnectAsync("c", options: new HostOptions { Credential = new NetworkCredential("lab", "lab") });
        Assert.Equal("QEMU", (await host.GetInfoAsync()).Hypervisor);
        foreach (var credential in new[] { null, new NetworkCredential("lab", "secret-and-wrong") })
        {
            var options = new HostOptions { Credential = credential };
            var error = await Assert.ThrowsAnyAsync<LiveMigrationException>(() => LabHosts.ConnectAsync("c", options: options));
            Assert.Equal(Faults.AuthenticationFailed, error.Fault);
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>QEMU below 9 loses dirty bits under TCG unless the lab's guests are made so that it does not.</summary>
    [LabFact]
    public async Task Guests_of_the_lab_are_safe_from_the_corruption_of_emulated_cpus()
    {
        await LabHosts.RunAsync("link", "b", "rate", "1gbit");
        try
        {
            await using var guest = await lab.GuestAsync("memory=256", "ws=96", "rate=20");
            for (var turn = 0; turn < 3; turn++)
            {
                foreach (var (from, to) in new[] { (lab.A, lab.B), (lab.B, lab.A) })
                {
                    var result = await (await (await from.GetDomainAsync(guest.Name)).PlanMigrationAsync(to)).Start().Completion;
                    Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
                    await guest.ShouldBeWholeAsync(to.Name);
                }
            }
        }
        finally
        {
            await LabHosts.RunAsync("link", "b", "norate");
        }
    }

    private static async Task<LibvirtHost> NewerAsync()
    {
        await LabHosts.RunAsync("prepare", "backports");
        await LabHosts.RunAsync("up", "c=backports");
        return await LabHosts.ConnectAsync("c");
    }

    private static async Task<LibvirtDomain> StartOnNewerAsync(LibvirtHost newer, string machine, string cpuEnd)
    {
        const string Name = "newer";
        var xml = (await LabHosts.RunAsync("guest-xml", Name, machine)).Replace("</cpu>", cpuEnd, StringComparison.Ordinal);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, xml);
        await LabHosts.RunAsync("virsh", "c", "create", file);
        File.Delete(file);
        return await newer.GetDomainAsync(Name);
    }
}
