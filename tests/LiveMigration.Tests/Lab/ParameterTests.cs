using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Migration.Parameters;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>T3: QEMU's own settings, on a running guest.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class ParameterTests(LabHosts lab)
{
    [LabFact]
    public async Task Parameters_are_set_and_read_back()
    {
        await using var guest = await lab.GuestAsync();
        var domain = await guest.OnA;
        foreach (var (name, value, text) in new (string, object, string)[]
            { ("announce-rounds", 7, "7"), ("xbzrle-cache-size", "1MiB", "1 MiB"), ("cpu-throttle-tailslow", true, "true"), ("multifd-compression", "zstd", "zstd") })
        {
            Assert.Equal(text, (await domain.SetMigrationParameterAsync(name, value)).Text);
        }

        var all = await domain.GetMigrationParametersAsync();
        Assert.Equal(
            ["announce-rounds", "cpu-throttle-tailslow", "multifd-compression", "xbzrle-cache-size"],
            all.Where(one => one.Changed is true && one.Settable).Select(one => one.Parameter));
        await guest.ShouldBeWholeAsync("a");
    }

    [LabFact]
    public async Task What_is_wrong_is_refused_without_being_sent()
    {
        await using var guest = await lab.GuestAsync();
        var domain = await guest.OnA;
        foreach (var (name, value, fault) in new (string, object, Fault)[]
            { ("announce-rounds", "many", Faults.WrongType), ("multifd-zstd-level", 21, Faults.OutOfRange), ("max-bandwidth", 1, Faults.SetByLibvirt) })
        {
            // QEMU's own refusal would be a QmpException, and level 21 it takes.
            Assert.Equal(fault, (await Assert.ThrowsAsync<LiveMigrationException>(() => domain.SetMigrationParameterAsync(name, value))).Fault);
        }

        var unknown = await Assert.ThrowsAsync<LiveMigrationException>(() => domain.SetMigrationParameterAsync("anounce-rounds", 5));
        Assert.Equal(Faults.NoSuchMigrationSetting, unknown.Fault);
        Assert.Contains("Did you mean 'announce-rounds'?", unknown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await domain.GetMigrationParametersAsync(), one => one.Changed is true && one.Settable);
    }

    [LabFact]
    public async Task Capabilities_are_set_but_not_libvirts_and_not_while_a_migration_runs()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64", "rate=60");
        var domain = await guest.OnA;
        Assert.True((await domain.SetMigrationCapabilityAsync("release-ram", true)).Enabled);
        Assert.Contains(await domain.GetMigrationCapabilitiesAsync(), one => one is { Capability: "release-ram", Enabled: true });
        var owned = await Assert.ThrowsAsync<LiveMigrationException>(() => domain.SetMigrationCapabilityAsync("multifd", true));
        Assert.Equal(Faults.SetByLibvirt, owned.Fault);

        var run = (await domain.PlanMigrationAsync(lab.B, new MigrationOptions { Bandwidth = Bandwidth.Parse("10MiB/s") })).Start();
        while (!(run.Progress.Transferred >= 1_000_000) && !run.Completion.IsCompleted)
            await Task.Delay(50);
        var running = await Assert.ThrowsAsync<LiveMigrationException>(() => domain.SetMigrationCapabilityAsync("multifd", true));
        Assert.Equal(Faults.MigrationInProgress, running.Fault);
        Assert.Contains("Start-VMLiveMigration -Parallel", running.Message, StringComparison.Ordinal);
        Assert.Equal(9L, (await domain.SetMigrationParameterAsync("announce-rounds", 9)).Value);
        await run.StopAsync();
        await guest.ShouldBeWholeAsync("a");
    }
}
