using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Migration.Parameters;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>T3, T4: several connections, what is done to the pages on them, and the settings of a newer QEMU.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class MultifdTests(LabHosts lab) : IAsyncLifetime
{
    /// <summary>Slow enough to be looked at while it runs.</summary>
    private static readonly MigrationOptions Several = new() { Parallel = 2, Bandwidth = Bandwidth.Parse("20MiB/s") };

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => LabHosts.RunAsync("down", "c", "d");

    [LabTheory]
    [InlineData(MigrationCompression.Zlib, 6)]
    [InlineData(MigrationCompression.Zstd, 5)]
    public async Task Each_connection_compresses_as_hard_as_asked(MigrationCompression compression, int level)
    {
        using var c = await NewerAsync("c");
        using var d = await NewerAsync("d");
        await using var guest = await lab.GuestOnAsync("c", "memory=192", "ws=64");
        var domain = await c.GetDomainAsync(guest.Name);
        var run = await StartAsync(domain, d, Several with { Compression = compression, CompressionLevel = level });

        var word = compression.ToString().ToLowerInvariant();
        var set = (await domain.GetMigrationParametersAsync()).ToDictionary(one => one.Parameter, one => one.Text);
        Assert.Equal((word, $"{level}", "2"), (set["multifd-compression"], set[$"multifd-{word}-level"], set["multifd-channels"]));

        await CompletesAsync(run);
        await guest.ShouldBeWholeAsync("d");
    }

    [LabFact]
    public async Task A_new_host_takes_several_connections_from_an_old_one()
    {
        using var c = await NewerAsync("c");
        await using var guest = await lab.GuestAsync("memory=192", "ws=64");
        await CompletesAsync(await StartAsync(await guest.OnA, c, Several));
        await guest.ShouldBeWholeAsync("c");
    }

    [LabFact]
    public async Task Pages_are_sent_without_a_copy_from_memory_that_may_be_locked()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "start=0");
        // What every process may lock; libvirt then asks for no more.
        await LabHosts.RunAsync("virsh", "a", "memtune", guest.Name, "--hard-limit", "8192", "--config");
        await LabHosts.RunAsync("virsh", "a", "start", guest.Name);
        await LabHosts.RunAsync("sh", "a", "sh", "-c", $"until grep -q ^T /var/lib/libvirt/ticks/{guest.Name}.log; do sleep 0.1; done");

        var domain = await guest.OnA;
        var run = await StartAsync(domain, lab.B, Several with { ZeroCopy = true });
        Assert.Contains(await domain.GetMigrationCapabilitiesAsync(), one => one is { Capability: "zero-copy-send", Enabled: true });
        await CompletesAsync(run);
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>Where the daemon may raise limits, it completes.</summary>
    [LabFact]
    public async Task Memory_that_may_not_be_locked_is_named_and_the_guest_stays()
    {
        await using var guest = await lab.GuestAsync();
        var result = await (await (await guest.OnA).PlanMigrationAsync(lab.B, new MigrationOptions { Parallel = 2, ZeroCopy = true })).Start().Completion;
        Assert.True(result.Outcome is MigrationOutcome.Completed || result.Fault == Faults.MemoryNotLockable, result.Error);
        await guest.ShouldBeWholeAsync(result.Outcome is MigrationOutcome.Completed ? "b" : "a");
    }

    [LabFact]
    public async Task A_newer_QEMU_has_other_settings_which_are_its_own_answer()
    {
        using var c = await NewerAsync("c");
        await using var guest = await lab.GuestOnAsync("c");
        var domain = await c.GetDomainAsync(guest.Name);
        var parameters = (await domain.GetMigrationParametersAsync()).ToDictionary(one => one.Parameter);
        Assert.DoesNotContain("compress-level", parameters.Keys);
        Assert.Equal(["none", "legacy", "multifd"], parameters["zero-page-detection"].Choices);
        Assert.Equal("legacy", (await domain.SetMigrationParameterAsync("zero-page-detection", "legacy")).Text);
        Assert.Equal("1 GiB/s", (await domain.SetMigrationParameterAsync("avail-switchover-bandwidth", "1GiB/s")).Text);
        Assert.All(parameters.Values, one => Assert.True(one.Meaning.Length > 0, $"{one.Parameter} has no meaning here."));

        var capabilities = (await domain.GetMigrationCapabilitiesAsync()).Select(one => one.Capability).ToArray();
        Assert.DoesNotContain("compress", capabilities);
        Assert.Contains("mapped-ram", capabilities);
        Assert.True((await domain.SetMigrationCapabilityAsync("release-ram", true)).Enabled);
        var gone = await Assert.ThrowsAsync<LiveMigrationException>(() => domain.SetMigrationCapabilityAsync("compress", true));
        Assert.Equal(Faults.NoSuchMigrationSetting, gone.Fault);
        await guest.ShouldBeWholeAsync("c");
    }

    private static async Task<LibvirtHost> NewerAsync(string host)
    {
        await LabHosts.RunAsync("prepare", "backports");
        await LabHosts.RunAsync("up", $"{host}=backports");
        return await LabHosts.ConnectAsync(host);
    }

    private static async Task<MigrationRun> StartAsync(LibvirtDomain domain, LibvirtHost destination, MigrationOptions options)
    {
        var run = (await domain.PlanMigrationAsync(destination, options)).Start();
        while (!(run.Progress.Transferred >= 1_000_000) && !run.Completion.IsCompleted)
            await Task.Delay(20);
        Assert.False(run.Completion.IsCompleted, "It ended before it could be looked at.");
        return run;
    }

    private static async Task CompletesAsync(MigrationRun run)
    {
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
    }
}
