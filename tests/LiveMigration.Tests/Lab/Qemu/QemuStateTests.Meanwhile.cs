using LiveMigration.Errors;
using LiveMigration.Migration.Qemu.Saving;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>What happens to the file, to QEMU or to its command while a state is saved or restored.</summary>
public sealed partial class QemuStateTests
{
    [LabFact]
    public async Task What_was_replaced_after_it_was_read_does_not_run()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        await SaveAsync(a, new StateSaving { Path = File("s") });
        await a.TickAsync(2);
        await SaveAsync(a, new StateSaving { Path = File("later") });
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true);
        var plan = await b.Qemu.PlanRestoreAsync(new StateRestoring { Path = File("s") });
        System.IO.File.Move(File("later"), File("s"), overwrite: true);
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => plan.RunAsync());
        Assert.Equal(Faults.StateNotRestored, error.Fault);
        Assert.Contains("something else than what had been read", error.Message, StringComparison.Ordinal);
        Assert.Empty(b.Ticks());
        await b.ExitAsync();
    }

    [LabFact]
    public async Task A_QEMU_that_was_used_meanwhile_or_a_restore_that_was_stopped_before_it_began_leaves_it_as_it_is()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        await SaveAsync(a, new StateSaving { Path = File("s"), Stop = true });
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true);
        var plan = await b.Qemu.PlanRestoreAsync(new StateRestoring { Path = File("s") });
        using var stop = new CancellationTokenSource();
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => plan.RunAsync(_ => stop.Cancel(), stop.Token));
        Assert.Equal(Faults.Stopped, error.Fault);
        Assert.Contains("is as it was", error.Message, StringComparison.Ordinal);
        await b.Qemu.RefreshAsync();
        Assert.Equal(("inmigrate", null), (b.Qemu.State, b.Qemu.Migration));
        await plan.RunAsync();
        await b.TickAsync(2);
        error = await Assert.ThrowsAsync<LiveMigrationException>(() => plan.RunAsync());
        Assert.Equal(Faults.QemuStateWrong, error.Fault);
        await b.TickAsync(3);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task A_command_that_hangs_is_ended_where_the_save_is_stopped_and_the_guest_goes_on()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await a.TickAsync();
        using var stop = new CancellationTokenSource();
        var saving = a.Qemu.SaveStateAsync(new StateSaving { Path = File("s"), Command = "exec sleep 1000" }, _ => stop.Cancel(), cancellationToken: stop.Token);
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => saving);
        Assert.Equal(Faults.Stopped, error.Fault);
        Assert.EndsWith("The VM runs on.", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a.boot", "a.ticks"], Left());
        await a.TickAsync(3);
        BareQemu.IsWhole(a);
    }
}
