using System.Text.Json;
using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Migration.Libvirt;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>T1, T2, T4, D1: a migration is steered while it runs.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class TuningTests(LabHosts lab)
{
    /// <summary>More than fits through in the guest's default downtime.</summary>
    private static readonly MigrationOptions Busy = new() { Bandwidth = Bandwidth.Parse("20MiB/s") };

    [LabFact]
    public async Task A_limit_holds_on_the_wire_and_can_be_lifted_while_it_runs()
    {
        await using var guest = await lab.GuestAsync("memory=256", "ws=128", "rate=30");
        var run = await StartAsync(await guest.OnA, Busy);
        Assert.InRange(await LabHosts.RateAsync("a"), 18, 22);
        var domain = await guest.OnA;
        Assert.Equal(20L << 20, (await domain.GetMigrationBandwidthAsync()).Limit);
        await domain.SetMigrationBandwidthAsync(Bandwidth.Unlimited);
        Assert.Null((await domain.GetMigrationBandwidthAsync()).Limit);
        Assert.Equal(MigrationOutcome.Completed, (await run.Completion.WaitAsync(TimeSpan.FromMinutes(1))).Outcome);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_migration_that_does_not_converge_does_with_more_downtime()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=60");
        var run = await StartAsync(await guest.OnA, Busy);
        await Task.Delay(5000);
        Assert.False(run.Completion.IsCompleted);
        var domain = await guest.OnA;
        Assert.Equal(300, (await domain.GetMigrationDowntimeAsync()).Limit.TotalMilliseconds);
        await domain.SetMigrationDowntimeAsync(Duration.Parse("8s"));
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(MigrationOutcome.Completed, result.Outcome);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task Limits_are_kept_for_a_migration_to_come()
    {
        await using var guest = await lab.GuestAsync();
        var domain = await guest.OnA;
        await domain.SetMigrationBandwidthAsync(Bandwidth.Parse("30MiB/s"));
        await domain.SetMigrationBandwidthAsync(Bandwidth.Parse("70MiB/s"), postCopy: true);
        var limits = await domain.GetMigrationBandwidthAsync();
        Assert.Equal((30L << 20, 70L << 20), (limits.Limit, limits.PostCopyLimit));
        Assert.Equal(Faults.OutOfRange, (await Assert.ThrowsAsync<LiveMigrationException>(() => domain.SetMigrationDowntimeAsync(TimeSpan.Zero))).Fault);
        var result = await (await domain.PlanMigrationAsync(lab.B)).Start().Completion;
        Assert.InRange(result.MeanRate!.Value, 10L << 20, 33L << 20);
    }

    [LabFact]
    public async Task After_the_first_pass_a_guest_switches_to_post_copy()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=60");
        var result = await (await (await guest.OnA).PlanMigrationAsync(lab.B, Busy with { PostCopyAfterFirstPass = true })).Start().Completion;
        Assert.True(result.PostCopy, result.Error);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_post_copy_that_is_broken_is_joined_again()
    {
        await using var guest = await lab.GuestAsync("memory=256", "ws=128", "rate=40");
        var run = await StartAsync(await guest.OnA, new MigrationOptions { Bandwidth = Busy.Bandwidth, PostCopy = true, PostCopyBandwidth = Bandwidth.Parse("10MiB/s"), Tls = MigrationTls.Off });
        await run.SwitchToPostCopyAsync();
        await ArrivedAsync(run);
        // QEMU 7.2 at the destination does not notice a break in the first moments: some seconds' worth of memory goes over first.
        var sent = run.Progress.Transferred;
        while (!(run.Progress.Transferred >= sent + (25 << 20)) && !run.Completion.IsCompleted)
            await Task.Delay(50);
        await run.PausePostCopyAsync();
        var broken = await run.Completion.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((MigrationVerdict.PostCopyBroken, Faults.PostCopyBroken), (broken.Verdict, broken.Fault));
        // In the clear they were parted and so they are joined, whatever this plan says of TLS.
        var result = await (await (await guest.OnA).PlanPostCopyResumeAsync(lab.B)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        Assert.Null(result.Encrypted);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_link_that_breaks_in_post_copy_is_recovered_by_itself_when_asked_for()
    {
        await using var guest = await lab.GuestAsync("memory=256", "ws=128", "rate=40");
        var run = await StartAsync(await guest.OnA, new MigrationOptions
        {
            Bandwidth = Busy.Bandwidth,
            PostCopy = true,
            PostCopyBandwidth = Bandwidth.Parse("10MiB/s"),
            RecoverPostCopy = true,
            // QEMU 7.2 does not always notice that an encrypted post-copy was broken.
            Tls = MigrationTls.Off,
            StallTimeout = Duration.Parse("3s"),
        });
        await run.SwitchToPostCopyAsync();
        await ArrivedAsync(run);
        await LabHosts.RunAsync("link", "b", "cut");
        await Task.Delay(8000);
        await LabHosts.RunAsync("link", "b", "restore");
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_dirty_rate_is_measured()
    {
        await using var guest = await lab.GuestAsync("memory=256", "ws=96", "rate=30");
        var rate = await (await guest.OnA).MeasureDirtyRateAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(rate.Rate!.Value, 5L << 20, 100L << 20);
        Assert.Equal(rate.PagesPerSecond, rate.Rate / 4096);
        Assert.InRange(rate.ShareOfMemory!.Value, 0.01, 0.5);
    }

    [LabFact]
    public async Task During_a_migration_its_statistics_answer()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=30");
        var run = await StartAsync(await guest.OnA, Busy);
        while (run.Progress.DirtyRate is null)
            await Task.Delay(100);
        var rate = await (await guest.OnA).MeasureDirtyRateAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(DirtyRateMode.Migration, rate.Mode);
        Assert.True(rate.PagesPerSecond > 0);
        await run.StopAsync();
    }

    [LabFact]
    public async Task Ways_of_measuring_that_would_end_the_guest_are_refused()
    {
        await using var guest = await lab.GuestAsync();
        var domain = await guest.OnA;
        foreach (var mode in new[] { DirtyRateMode.DirtyBitmap, DirtyRateMode.DirtyRing })
            Assert.Equal(Faults.ModeNotSurvivable, (await Assert.ThrowsAsync<LiveMigrationException>(() => domain.MeasureDirtyRateAsync(TimeSpan.FromSeconds(1), mode))).Fault);
        await guest.ShouldBeWholeAsync("a");
    }

    private async Task<MigrationRun> StartAsync(LibvirtDomain domain, MigrationOptions options)
    {
        var run = (await domain.PlanMigrationAsync(lab.B, options)).Start();
        while (!(run.Progress.Transferred >= 1_000_000) && !run.Completion.IsCompleted)
            await Task.Delay(50);
        return run;
    }

    private async Task ArrivedAsync(MigrationRun run)
    {
        while (await LibvirtPresence.AskAsync(lab.B, run.Domain!.Uuid, default) is not { IsExecuting: true, IsPostCopy: true })
            await Task.Delay(20);
    }
}
