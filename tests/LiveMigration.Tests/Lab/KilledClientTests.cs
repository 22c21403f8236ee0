using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Lab;

/// <summary>M2, M4, M5: <c>kill -9</c> of a client of ours in the middle of a migration.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class KilledClientTests(LabHosts lab)
{
    [LabFact]
    public async Task A_migration_that_the_source_steers_goes_on_and_a_new_client_finds_it()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64");
        await KillInTheMiddleAsync(guest, "--bandwidth", "20MiB/s");
        Assert.True((await guest.OnA).Migrating);
        var run = await (await guest.OnA).GetMigrationAsync(lab.B);
        Assert.True(run!.IsForeign);
        var result = await run.Completion.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), (result.Outcome, result.Verdict));
        Assert.Empty(await lab.A.GetDomainsAsync(new DomainQuery { Names = [guest.Name] }));
        await guest.ShouldBeWholeAsync("b");
    }

    /// <summary>The hosts notice that nobody leads them any more, and go back to where they were.</summary>
    [LabFact]
    public async Task A_migration_that_the_client_steered_ends_and_the_guest_stays()
    {
        await using var guest = await lab.GuestAsync("memory=192", "ws=64");
        await KillInTheMiddleAsync(guest, "--bandwidth", "20MiB/s", "--direct");
        await guest.ShouldLeaveBAsync();
        while ((await guest.OnA).Migrating)
            await Task.Delay(100);
        Assert.Equal(DomainState.Running, (await guest.OnA).State);
        await guest.ShouldBeWholeAsync("a");
        // What it left does not stand in the way of the next one.
        var again = await (await (await guest.OnA).PlanMigrationAsync(lab.B)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(MigrationVerdict.Moved, again.Verdict);
        await guest.ShouldBeWholeAsync("b");
    }

    private static async Task KillInTheMiddleAsync(LabHosts.Guest guest, params string[] options)
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "LiveMigration.Sample.dll");
        using var client = Process.Start(LabHosts.DotnetClient([sample, await LabHosts.UriAsync("a"), await LabHosts.UriAsync("b"), guest.Name, .. options]))!;
        try
        {
            var line = "";
            while (line is not null && !line.Contains("Copying", StringComparison.Ordinal))
                line = await client.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.False(client.HasExited, "The migration was over before it could be cut short.");
        }
        finally
        {
            client.Kill();
            await client.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(128 + 9, client.ExitCode);
    }
}
