using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using LiveMigration.Domains;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab;

/// <summary>V1 to V4 on three real hosts.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class EvacuationTests(LabHosts lab)
{
    private static readonly HostEvacuations Evacuations = new(LabHosts.State);

    private static readonly EvacuationOptions Narrow = new() { Bandwidth = Bandwidth.Parse("200Mbit/s"), Destinations = ["b", "c"] };

    /// <summary>
    /// Twelve guests leave a over a narrow link; a destination loses power, the client is killed twice and resumes, one guest cannot
    /// move. All others arrive, each runs exactly once, no page of memory is lost; then all come home.
    /// </summary>
    [LabFact]
    public async Task A_host_is_emptied_whatever_happens_and_its_guests_come_home()
    {
        await LabHosts.RunAsync("up", "c");
        var guests = new List<LabHosts.Guest>();
        try
        {
            // Emulated guests that boot in a crowd do not find their timer.
            foreach (var pair in Enumerable.Range(0, 12).Chunk(2))
                guests.AddRange(await Task.WhenAll(pair.Select(n => lab.GuestAsync($"memory={96 + n % 3 * 16}", $"ws={8 + n % 3 * 8}", $"rate={(n % 4 == 0 ? 4 : 1)}", "tick=100"))));
            var unmovable = guests[5];
            foreach (var host in new[] { "b", "c" })
                await LabHosts.NamesakeAsync(unmovable.Name, host);
            await LabHosts.RunAsync("link", "a", "rate", "200mbit");

            var id = await DisturbedAsync(unmovable.Name);
            var evacuation = await ResumeAsync(id, lab.A, lab.B);

            Assert.Equal((11, 1, 0, 0), (evacuation.Moved, evacuation.Stayed, evacuation.Left, evacuation.Unclear));
            Assert.Equal(EvacuatedState.Unmovable, evacuation.Domains.Single(domain => domain.Name == unmovable.Name).State);
            Assert.All(evacuation.Domains.Where(domain => domain.State is EvacuatedState.Moved), domain => Assert.Equal("b", domain.Destination));
            await LabHosts.RunAsync("link", "a", "reset");
            await ShouldBeOnAsync(guests.Where(guest => guest != unmovable), "b", "a");
            await unmovable.ShouldBeWholeAsync("a");

            var (plan, changes) = await Evacuations.PlanReturnAsync(id, [lab.A, lab.B]);
            Assert.Empty(changes);
            var home = await (await Evacuations.StartAsync(plan with { Options = plan.Options with { Bandwidth = Bandwidth.Unlimited } }, [lab.A, lab.B])).WaitAsync();
            Assert.True(home.IsComplete, $"{home}: {string.Join(' ', home.Domains.Select(domain => domain.Error))}");
            await ShouldBeOnAsync(guests, "a", "b");
            Remove(id, home.Id);
        }
        finally
        {
            await LabHosts.RunAsync("link", "a", "reset");
            await Task.WhenAll(guests.Select(guest => guest.DisposeAsync().AsTask()));
            await LabHosts.RunAsync("down", "c");
        }
    }

    /// <summary>
    /// Two guests are on their way, one with a trickle of the link, when the client dies. Whoever resumes gives the link to them: with
    /// its trickle the second one would be under way for minutes.
    /// </summary>
    [LabFact]
    public async Task Migrations_that_a_dead_client_left_have_their_share_of_the_link_again()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => lab.GuestAsync("memory=160", "ws=80", "rate=1", "tick=100")));
        try
        {
            using var client = await ClientAsync("evacuate", ["a", "b"]);
            var id = (await client.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)))!;
            await UntilAsync(client, id, now => now.Domains.All(domain => domain.State is EvacuatedState.Migrating));
            for (var tries = 0; tries < 300 && (await lab.A.GetDomainsAsync()).Count(domain => domain.Migrating) < 2; tries++)
                await Task.Delay(50);
            await KillAsync(client);

            var found = new List<MigrationRun>();
            var resumed = Evacuations.Resume(id, [lab.A, lab.B]);
            resumed.MigrationStarted += (_, migration) => found.Add(migration);
            var evacuation = await resumed.WaitAsync().WaitAsync(TimeSpan.FromMinutes(5));
            Assert.True(evacuation.IsComplete, $"{evacuation}: {string.Join(' ', evacuation.Domains.Select(domain => domain.Error))}");
            Assert.Contains(found, migration => migration is { IsForeign: true, Bandwidth: > 19 << 20 });
            await ShouldBeOnAsync(guests, "b", "a");
            Remove(id);
        }
        finally
        {
            await Task.WhenAll(guests.Select(guest => guest.DisposeAsync().AsTask()));
        }
    }

    /// <summary>
    /// A destination loses power, and the client dies before anybody has noticed. Whoever resumes does not name that host any more; the
    /// guest that is on its way there, as its source still believes, goes elsewhere.
    /// </summary>
    [LabFact]
    public async Task A_migration_whose_destination_is_lost_with_the_client_ends_and_begins_anew()
    {
        await LabHosts.RunAsync("up", "c");
        var guests = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => lab.GuestAsync("memory=160", "ws=80", "rate=1", "tick=100")));
        try
        {
            using var client = await ClientAsync("evacuate", ["a", "b", "c"]);
            var id = (await client.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)))!;
            await UntilAsync(client, id, now => now.Domains.Any(IsBoundForC));
            var lost = Evacuations.Get(id).Domains.First(IsBoundForC).Name;
            // On its way, and not just about to connect: the source's kernel tries that for minutes.
            for (var tries = 0; tries < 300 && !Regex.IsMatch(await LabHosts.RunAsync("virsh", "a", "domjobinfo", lost), @"Data processed: +(?!0\.000)[0-9]"); tries++)
                await Task.Delay(50);
            // Nobody is told: the source sends on into the void.
            await LabHosts.RunAsync("link", "c", "cut");
            await LabHosts.RunAsync("kill", "c");
            await KillAsync(client);

            var notices = new ConcurrentQueue<string>();
            var resumed = Evacuations.Resume(id, [lab.A, lab.B]);
            resumed.Noticed += (_, notice) => notices.Enqueue(notice);
            var evacuation = await resumed.WaitAsync().WaitAsync(TimeSpan.FromMinutes(5));
            Assert.True(evacuation.IsComplete, $"{evacuation}: {string.Join(' ', evacuation.Domains.Select(domain => domain.Error))}");
            Assert.Contains(notices, notice => notice.Contains($"The migration of '{lost}' to c continued unattended", StringComparison.Ordinal));
            await ShouldBeOnAsync(guests, "b", "a");
            Remove(id);
            static bool IsBoundForC(EvacuatedDomain domain) => domain is { State: EvacuatedState.Migrating, Destination: "c" };
        }
        finally
        {
            await Task.WhenAll(guests.Select(guest => guest.DisposeAsync().AsTask()));
            await LabHosts.RunAsync("down", "c");
        }
    }

    /// <summary>
    /// The host that is emptied answers no more, with one guest on its way and one that waits. The evacuation comes to an end and says so;
    /// when the host answers again, whoever resumes finds both.
    /// </summary>
    [LabFact]
    public async Task A_source_that_falls_silent_is_not_waited_for_and_its_guests_are_found_later()
    {
        await LabHosts.RunAsync("up", "c");
        var guests = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => lab.GuestOnAsync("c", "memory=128", "ws=48", "rate=1", "tick=100")));
        try
        {
            HostEvacuation left;
            using (var c = await LabHosts.ConnectAsync("c"))
            {
                var slow = Narrow with { Bandwidth = Bandwidth.Parse("8MiB/s"), Destinations = ["b"], MaxOutgoing = 1 };
                var plan = EvacuationPlanner.Plan(await FleetSurvey.ReadAsync([c], [lab.B]), ["c"], slow) with { Policy = new EvacuationPolicy { Attempts = 2 } };
                var started = new TaskCompletionSource<MigrationRun>();
                var run = await Evacuations.StartAsync(plan, [c, lab.B]);
                run.MigrationStarted += (_, migration) => started.TrySetResult(migration);
                var first = await started.Task.WaitAsync(TimeSpan.FromMinutes(1));
                while (!(first.Progress.Transferred >= 1_000_000))
                    await Task.Delay(50);
                await LabHosts.RunAsync("link", "c", "cut");
                left = await run.WaitAsync().WaitAsync(TimeSpan.FromMinutes(5));
            }

            Assert.Equal(0, left.Moved);
            Assert.All(left.Domains, domain => Assert.Contains("c", domain.Error, StringComparison.Ordinal));
            Assert.All(left.Domains, domain => Assert.True(domain.State is EvacuatedState.Unclear or EvacuatedState.Stayed, $"{domain}"));

            await LabHosts.RunAsync("link", "c", "reset");
            using var again = await LabHosts.ConnectAsync("c");
            var evacuation = await ResumeAsync(left.Id, again, lab.B);
            Assert.True(evacuation.IsComplete, $"{evacuation}: {string.Join(' ', evacuation.Domains.Select(domain => domain.Error))}");
            foreach (var guest in guests)
                await guest.ShouldBeWholeAsync("b");
            Remove(left.Id);
        }
        finally
        {
            await Task.WhenAll(guests.Select(guest => guest.DisposeAsync().AsTask()));
            await LabHosts.RunAsync("down", "c");
        }
    }

    /// <summary>The first client loses a destination and is killed, the second one is killed, too.</summary>
    private async Task<string> DisturbedAsync(string unmovable)
    {
        using var c = await LabHosts.ConnectAsync("c");
        var fleet = await FleetSurvey.ReadAsync([lab.A], [lab.B, c]);
        var plan = EvacuationPlanner.Plan(fleet, ["a"], Narrow);
        Assert.Equal(unmovable, Assert.Single(plan.Unmovable).Domain.Name);

        using var first = await ClientAsync("evacuate", ["a", "b", "c"]);
        var id = (await first.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)))!;
        await UntilAsync(first, id, now => now.Domains.Any(domain => domain is { State: EvacuatedState.Migrating, Destination: "c" }));
        await LabHosts.RunAsync("kill", "c");
        Assert.DoesNotContain(Evacuations.Get(id).Domains, domain => domain is { State: EvacuatedState.Moved, Destination: "c" });
        await UntilAsync(first, id, now => now.Moved >= 2);
        await KillAsync(first);
        Assert.Equal(EvacuationState.Interrupted, Evacuations.Get(id).State);

        using var second = await ClientAsync($"resume={id}", ["a", "b"]);
        var before = Evacuations.Get(id).Moved;
        await UntilAsync(second, id, now => now.Moved >= before + 3);
        await KillAsync(second);
        Assert.InRange(Evacuations.Get(id).Moved, before + 3, 10);
        return id;
    }

    private static async Task<HostEvacuation> ResumeAsync(string id, params LibvirtHost[] hosts) =>
        await Evacuations.Resume(id, hosts).WaitAsync().WaitAsync(TimeSpan.FromMinutes(5));

    private static async Task<Process> ClientAsync(string what, string[] hosts)
    {
        var uris = await Task.WhenAll(hosts.Select(async host => $"{host}={await LabHosts.UriAsync(host)}"));
        return Process.Start(LabHosts.DotnetClient([typeof(EvacuationTests).Assembly.Location, what, .. uris]))!;
    }

    private static async Task KillAsync(Process client)
    {
        Assert.False(client.HasExited, "The evacuation was over before its client could be killed.");
        client.Kill();
        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static async Task UntilAsync(Process client, string id, Func<HostEvacuation, bool> condition)
    {
        for (var tries = 0; !condition(Evacuations.Get(id)); tries++)
        {
            if (client.HasExited && !condition(Evacuations.Get(id)))
                Assert.Fail($"The client has ended ({client.ExitCode}): {await client.StandardOutput.ReadToEndAsync()}{await client.StandardError.ReadToEndAsync()}");
            Assert.True(tries < 3000, $"Nothing more happens: {string.Join('\n', Evacuations.Get(id).Domains)}");
            await Task.Delay(100);
        }
    }

    /// <summary>Each is there, nowhere else, and nothing of it was lost on the way.</summary>
    private async Task ShouldBeOnAsync(IEnumerable<LabHosts.Guest> guests, string host, string other)
    {
        var elsewhere = (await (other == "a" ? lab.A : lab.B).GetDomainsAsync()).Where(domain => domain.Status.IsActive).Select(domain => domain.Name).ToHashSet();
        foreach (var guest in guests)
        {
            Assert.DoesNotContain(guest.Name, elsewhere);
            await guest.ShouldBeWholeAsync(host);
        }
    }

    /// <summary>Another domain of that name is defined there, so it cannot come.</summary>
    private static void Remove(params string[] ids)
    {
        foreach (var id in ids)
            File.Delete(Evacuations.Get(id).Journal);
    }
}
