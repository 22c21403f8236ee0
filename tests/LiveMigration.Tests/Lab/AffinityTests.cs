using System.Diagnostics;
using LiveMigration.Migration;
using LiveMigration.Migration.Affinity;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>E4: a migration's threads have CPUs of their own while it lasts, and no longer, whatever becomes of the client.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class AffinityTests(LabHosts lab)
{
    private static readonly string AllCpus = $"0-{Environment.ProcessorCount - 1}";

    [LabFact]
    public async Task Migration_threads_keep_to_their_cpus_and_the_pinning_is_put_back()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=2");
        var run = (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { Bandwidth = Bandwidth.Parse("5MiB/s"), CpuAffinity = [1] })).Start();
        while (!(run.Progress.Transferred >= 1_000_000) && !run.Completion.IsCompleted)
            await Task.Delay(50);
        Assert.False(run.Completion.IsCompleted, run.Completion.IsCompleted ? (await run.Completion).Error : null);
        var threads = await ThreadsAsync("a", guest.Name);
        Assert.Equal("1", threads["live_migration"]);
        await run.StopAsync();
        Assert.Equal(AllCpus, (await ThreadsAsync("a", guest.Name))["qemu-system-x86"]);
        var moved = await (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { CpuAffinity = [1] })).Start().Completion;
        Assert.Equal(MigrationVerdict.Moved, moved.Verdict);
        Assert.Equal(AllCpus, (await ThreadsAsync("b", guest.Name))["qemu-system-x86"]);
        Assert.Empty(new AffinityJournal(LabHosts.State).Orphans());
    }

    /// <summary>libvirt aborts what a client steered that is gone, and goes on with what its daemons steer.</summary>
    [LabTheory]
    [InlineData(MigrationMode.Direct, "a")]
    [InlineData(MigrationMode.PeerToPeer, "b")]
    public async Task A_pinning_that_a_killed_client_left_is_put_back_by_whoever_connects_next(MigrationMode mode, string end)
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=2");
        using (var client = await ClientAsync(guest.Name, mode))
        {
            Assert.Equal("1", (await ThreadsAsync("a", guest.Name))["live_migration"]);
            Assert.Empty(new AffinityJournal(LabHosts.State).Orphans());
            client.Kill();
            await client.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }

        using var a = await LabHosts.ConnectAsync("a");
        using var b = await LabHosts.ConnectAsync("b");
        foreach (var host in new[] { a, b })
            await host.RecoverAffinityAsync();

        IReadOnlyList<string> notices = [];
        for (var tries = 0; notices.Count == 0 && tries < 600; tries++)
        {
            await Task.Delay(100);
            notices = [.. a.TakeNotices(), .. b.TakeNotices()];
        }

        Assert.StartsWith($"The CPU pinning of '{guest.Name}' on {end} was restored", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal(AllCpus, (await ThreadsAsync(end, guest.Name))["qemu-system-x86"]);
        Assert.Empty(new AffinityJournal(LabHosts.State).Orphans());
        await guest.ShouldBeWholeAsync(end);
    }

    [LabFact]
    public async Task What_a_dead_client_left_is_not_taken_for_what_was_before()
    {
        await using var guest = await lab.GuestAsync();
        using (var client = await ClientAsync(guest.Name, MigrationMode.Direct))
        {
            client.Kill();
            await client.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }

        while ((await guest.OnA).Migrating)
            await Task.Delay(50);
        Assert.Equal("1", (await ThreadsAsync("a", guest.Name))["qemu-system-x86"]);
        var moved = await (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { CpuAffinity = [0] })).Start().Completion;
        Assert.True(moved.Outcome is MigrationOutcome.Completed, moved.Error);
        Assert.Empty(moved.Notices);
        Assert.Equal(AllCpus, (await ThreadsAsync("b", guest.Name))["qemu-system-x86"]);
        Assert.Empty(new AffinityJournal(LabHosts.State).Orphans());
    }

    /// <summary>Another process, which migrates the guest to b slowly, with its threads on CPU 1; returned when memory flows.</summary>
    private static async Task<Process> ClientAsync(string guest, MigrationMode mode)
    {
        string[] arguments = [typeof(Program).Assembly.Location, await LabHosts.UriAsync("a"), await LabHosts.UriAsync("b"), guest, mode.ToString()];
        var client = Process.Start(LabHosts.DotnetClient(arguments))!;
        Assert.Equal("copying", await client.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
        return client;
    }

    /// <summary>The CPUs that each kind of thread of the guest's QEMU may use; of those of one name, the first that was started.</summary>
    private static async Task<Dictionary<string, string>> ThreadsAsync(string host, string name)
    {
        var lines = await LabHosts.RunAsync("sh", host, "sh", "-c",
            $"cd /proc/$(pgrep -of 'qemu-system.*guest={name},')/task; for t in $(ls | sort -n); do echo \"$(cat $t/comm):$(grep Cpus_allowed_list $t/status | cut -f2)\"; done");
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':'))
            .GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.First()[1]);
    }
}
