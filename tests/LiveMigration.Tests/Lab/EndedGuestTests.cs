using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>M4: a guest that ends in the middle of its migration is no loss, and is not called one.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class EndedGuestTests(LabHosts lab)
{
    /// <summary>Switches the machine off as its guest does: sleep state 5 in the ACPI control register.</summary>
    private const string SwitchOff = "o /w 0x604 0x2000";

    /// <summary>What a guest's kernel writes to the pvpanic device.</summary>
    private const string Panic = "o /b 0x505 1";

    private const string PanicDevice = "<panic model='isa'><address type='isa' iobase='0x505'/></panic></devices>";

    private static readonly MigrationOptions Slow = new() { Bandwidth = Bandwidth.Parse("20MiB/s") };

    /// <summary>A transient one is left out: it can bring libvirt 9.0's daemon down.</summary>
    [LabFact]
    public async Task A_guest_that_shuts_itself_down_is_off_where_it_was()
    {
        await using var guest = await lab.GuestAsync();
        var result = await InterruptAsync(guest, SwitchOff);
        Assert.Equal((MigrationVerdict.ShutOff, Faults.DomainShutOff), (result.Verdict, result.Fault));
        Assert.Equal((DomainState.ShutOff, "shutdown"), ((await guest.OnA).State, (await guest.OnA).Reason));
        await guest.ShouldLeaveBAsync();
    }

    [LabFact]
    public async Task A_guest_that_panics_and_is_to_be_preserved_arrives()
    {
        await using var guest = await PanickyAsync();
        var result = await InterruptAsync(guest, Panic);
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), (result.Outcome, result.Verdict));
        Assert.True((await guest.OnB).Status.IsActive);
        Assert.Empty(await lab.A.GetDomainsAsync(new DomainQuery { Names = [guest.Name] }));
    }

    [LabFact]
    public async Task A_guest_that_has_panicked_moves_and_it_is_said_that_it_goes_on()
    {
        await using var guest = await PanickyAsync();
        await LabHosts.RunAsync("virsh", "a", "qemu-monitor-command", "--hmp", guest.Name, Panic);
        while ((await guest.OnA).State is not DomainState.Crashed)
            await Task.Delay(100);
        var result = await (await (await guest.OnA).PlanMigrationAsync(lab.B)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(MigrationVerdict.Moved, result.Verdict);
        Assert.Contains("Crashed (panicked)", Assert.Single(result.Notices), StringComparison.Ordinal);
    }

    [LabFact]
    public async Task A_migration_of_a_guest_that_has_panicked_can_be_stopped()
    {
        await using var guest = await PanickyAsync();
        await LabHosts.RunAsync("virsh", "a", "qemu-monitor-command", "--hmp", guest.Name, Panic);
        while ((await guest.OnA).State is not DomainState.Crashed)
            await Task.Delay(100);
        var run = await StartAsync(guest);
        var result = await run.StopAsync();
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        Assert.True((await guest.OnA).Status.IsActive);
        await guest.ShouldLeaveBAsync();
    }

    /// <summary>A guest with a pvpanic device, and on_crash 'preserve' as all guests of the lab.</summary>
    private async Task<LabHosts.Guest> PanickyAsync()
    {
        var guest = await lab.GuestAsync("start=0");
        await guest.RedefineAsync(xml => xml.Replace("</devices>", PanicDevice, StringComparison.Ordinal));
        await guest.StartAsync();
        return guest;
    }

    private async Task<MigrationResult> InterruptAsync(LabHosts.Guest guest, string port)
    {
        var run = await StartAsync(guest);
        try
        {
            await LabHosts.RunAsync("virsh", "a", "qemu-monitor-command", "--hmp", guest.Name, port);
        }
        catch (InvalidOperationException error) when (port is SwitchOff && error.Message.Contains("read from monitor", StringComparison.Ordinal))
        {
            // The machine may be off before its monitor has answered.
        }

        return await run.Completion.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private async Task<MigrationRun> StartAsync(LabHosts.Guest guest)
    {
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, Slow)).Start();
        while (run.Progress.Phase is MigrationPhase.Starting && !run.Completion.IsCompleted)
            await Task.Delay(50);
        return run;
    }
}
