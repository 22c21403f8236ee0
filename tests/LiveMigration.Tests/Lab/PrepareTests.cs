using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>B014: while the destination prepares, nothing can move: that is no stall, and what is stopped then is known to have stayed.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class PrepareTests(LabHosts lab) : IAsyncLifetime
{
    private const string Hook = "/etc/libvirt/hooks/qemu";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly MigrationOptions Impatient = new() { StallTimeout = Duration.Parse("3s") };

    /// <summary>A daemon looks for hooks when it starts.</summary>
    public async Task InitializeAsync()
    {
        if (LabHosts.Unavailable is not null)
            return;
        await LabHosts.RunAsync("sh", "b", "sh", "-c",
            $"mkdir -p {Path.GetDirectoryName(Hook)} && printf '#!/bin/sh\\ncase \"$2\" in migrate) sleep 10;; esac\\ncat\\n' > {Hook} && chmod 755 {Hook}");
        await RestartAsync();
    }

    public async Task DisposeAsync()
    {
        if (LabHosts.Unavailable is not null)
            return;
        await LabHosts.RunAsync("sh", "b", "rm", Hook);
        await RestartAsync();
    }

    [LabTheory]
    [InlineData(MigrationMode.PeerToPeer)]
    [InlineData(MigrationMode.Direct)]
    public async Task A_destination_that_takes_longer_than_a_stall_may_is_waited_for(MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        var result = await (await StartAsync(guest, Impatient with { Mode = mode })).Completion.WaitAsync(Patience);
        Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
        await guest.ShouldBeWholeAsync("b");
    }

    [LabFact]
    public async Task A_destination_that_takes_longer_than_it_may_is_given_up()
    {
        await using var guest = await lab.GuestAsync();
        var result = await (await StartAsync(guest, Impatient with { PrepareTimeout = Duration.Parse("4s") })).Completion.WaitAsync(Patience);
        Assert.Equal((Faults.Stalled, MigrationVerdict.Stayed), (result.Fault, result.Verdict));
        Assert.Contains("-PrepareTimeout 4 s", result.Error, StringComparison.Ordinal);
        await guest.ShouldBeWholeAsync("a");
        await guest.ShouldLeaveBAsync();
    }

    [LabTheory]
    [InlineData(MigrationMode.PeerToPeer)]
    [InlineData(MigrationMode.Direct)]
    public async Task What_is_stopped_while_the_destination_prepares_has_stayed(MigrationMode mode)
    {
        await using var guest = await lab.GuestAsync();
        var run = await StartAsync(guest, Impatient with { Mode = mode });
        await Task.Delay(2000);
        var result = await run.StopAsync().WaitAsync(Patience);
        Assert.Equal((MigrationOutcome.Cancelled, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        await guest.ShouldBeWholeAsync("a");
        await guest.ShouldLeaveBAsync();
    }

    private async Task<MigrationRun> StartAsync(LabHosts.Guest guest, MigrationOptions options) =>
        (await (await guest.OnA).PlanMigrationAsync(lab.B, options)).Start();

    private async Task RestartAsync()
    {
        await LabHosts.RunAsync("daemon", "b", "kill");
        await LabHosts.RunAsync("daemon", "b", "start");
        _ = await lab.B.GetInfoAsync();
    }
}
