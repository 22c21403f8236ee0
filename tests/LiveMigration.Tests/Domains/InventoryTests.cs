using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Storage.Images;
using LiveMigration.Tests.Hosts;
using LiveMigration.Tests.Readiness;

namespace LiveMigration.Tests.Domains;

/// <summary>DESIGN decision 12: nothing is asked per other VM where it is not needed, and once where it is.</summary>
public sealed class InventoryTests
{
    [Fact]
    public async Task A_host_is_asked_once_for_all_definitions()
    {
        using var host = await TestHost.OwnAsync();
        var inventory = new Inventory();
        var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => inventory.Definitions.OfAsync(host, CancellationToken.None)));
        Assert.All(seen, one => Assert.Same(seen[0], one));
        Assert.Contains(seen[0], domain => domain.Domain.Name == "web2" && domain.Definitions!.Any(xml => xml.Descendants("source").Any()));
        // One that is shut off has one definition only.
        Assert.Single(Assert.Single(seen[0], domain => domain.Domain.Name == "web3").Definitions!);
        var users = await ImageUsers.ReadAsync(host, Guid.Empty, inventory, CancellationToken.None);
        Assert.Equal(["web2"], users.Of("/default-pool/web2.img"));
        Assert.Same(seen[0], await inventory.Definitions.OfAsync(host, CancellationToken.None));
        Assert.NotSame(seen[0], await new Inventory().Definitions.OfAsync(host, CancellationToken.None));
    }

    [Fact]
    public async Task A_host_that_did_not_answer_is_not_waited_for_again()
    {
        using var host = await TestHost.ConnectAsync("h");
        var asked = 0;
        var question = new AskedOnce<int>(_ => Task.FromException<int>(new IOException($"{++asked}")));
        for (var tries = 0; tries < 3; tries++)
            Assert.Equal("1", (await Assert.ThrowsAsync<IOException>(() => question.OfAsync(host, CancellationToken.None))).Message);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Who_gives_up_spoils_the_answer_for_nobody_else()
    {
        using var host = await TestHost.ConnectAsync("h");
        var answer = new TaskCompletionSource<int>();
        var question = new AskedOnce<int>(_ => answer.Task);
        using var patience = new CancellationTokenSource();
        var (waiting, other) = (question.OfAsync(host, patience.Token), question.OfAsync(host, CancellationToken.None));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        answer.SetResult(7);
        Assert.Equal(7, await other);
    }

    [Fact]
    public async Task Where_no_state_is_there_no_other_VM_is_asked()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var (path, there) = (Path.Combine(folder, "web.fd"), Given.Host("b", "qemu:///system"));
            there.Dispose(); // It can be looked into, and does not answer.
            var domain = GivenReadiness.Ready.Xml(xml => xml.Element("os")!.ReplaceWith(Os(path))).Domain;
            domain = domain with { State = GivenReadiness.Had(domain.State.Value with { Host = Given.Host("a", "qemu:///system") }) };
            Task<DeviceStates> ReadAsync() => DeviceStates.ReadAsync(domain, there, domain.Xml.Value, new(), blockersOnly: true, CancellationToken.None);
            var states = await ReadAsync();
            Assert.Equal((path, 0), (Assert.Single(states.Places).Path, states.Users.Count));
            await File.WriteAllTextAsync(path, "");
            await Assert.ThrowsAnyAsync<ObjectDisposedException>(ReadAsync);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Where_it_cannot_be_looked_other_VMs_are_asked()
    {
        var there = Given.Host("b", "qemu+tcp://b/system");
        there.Dispose();
        var domain = GivenReadiness.Ready.Xml(xml => xml.Element("os")!.ReplaceWith(Os("/srv/web.fd"))).Domain;
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => DeviceStates.ReadAsync(domain, there, domain.Xml.Value, new(), blockersOnly: true, CancellationToken.None));
    }

    [Fact]
    public void What_another_VM_starts_with_the_next_time_counts()
    {
        var (own, other) = (Given.Domain(), Given.Domain() with { Uuid = Guid.NewGuid(), Name = "other" });
        var uses = DeviceStates.Uses(
        [
            new(own, [Defined("/srv/own.fd")]), new(other, [Defined("/srv/now.fd"), Defined("/srv/next.fd")]), new(other with { Name = "comes" }, null),
        ], own.Uuid);
        Assert.Equal(["/srv/next.fd other", "/srv/now.fd other"], uses.SelectMany(use => use.Select(name => $"{use.Key} {name}")).Order(StringComparer.Ordinal));
    }

    private static XElement Os(string path) => XElement.Parse($"<os><loader readonly='yes' type='pflash'>/x.fd</loader><nvram>{path}</nvram></os>");

    private static XElement Defined(string path) => new("domain", Os(path));
}
