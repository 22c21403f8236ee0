using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Tests.Hosts;
using LiveMigration.Tests.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Tests.Domains;

public sealed class LibvirtHostDomainsTests
{
    [LibvirtFact]
    public async Task A_host_lists_its_domains_with_their_states()
    {
        using var host = await TestHost.OwnAsync();
        var domains = (await host.GetDomainsAsync()).OrderBy(domain => domain.Name).ToArray();
        Assert.Equal(["web1", "web2", "web3"], domains.Select(domain => domain.Name));
        Assert.Equal([DomainState.Running, DomainState.Paused, DomainState.ShutOff], domains.Select(domain => domain.State));
        Assert.All(domains, domain => Assert.True(domain is { Persistent: true, Autostart: false, Migrating: false, HostName: "own" }));
        Assert.Equal(new Guid("11111111-0000-4000-8000-000000000001"), domains[0].Uuid);
    }

    [LibvirtFact]
    public async Task A_query_chooses()
    {
        using var host = await TestHost.OwnAsync();
        Assert.Equal(2, (await host.GetDomainsAsync(new() { Names = ["web[12]", "web1", "11111111-0000-4000-8000-000000000003"] })).Count);
        Assert.Equal(3, (await host.GetDomainsAsync(new() { Names = ["w*"] })).Count);
        Assert.Equal("web2", Assert.Single(await host.GetDomainsAsync(new() { Names = ["w*"], States = [DomainState.Paused] })).Name);
        Assert.Empty(await host.GetDomainsAsync(new() { Names = ["nosuch"] }));
    }

    [LibvirtFact]
    public async Task One_domain_is_found_by_its_name_or_uuid()
    {
        using var host = await TestHost.OwnAsync();
        var byName = await host.GetDomainAsync("web1");
        Assert.Equal("web1", byName.Name);
        Assert.Equal("web1", (await host.GetDomainAsync(byName.Uuid.ToString())).Name);
    }

    [LibvirtFact]
    public async Task One_domain_is_not_found_by_a_pattern()
    {
        using var host = await TestHost.OwnAsync();
        foreach (var name in new[] { "nosuch", "web", "WEB1", "web*", "web?" })
        {
            var error = await Assert.ThrowsAsync<LiveMigrationException>(() => host.GetDomainAsync(name));
            Assert.Equal((Faults.DomainNotFound, "own"), (error.Fault, error.Host));
            Assert.Equal($"own: domain '{name}' was not found.", error.Message);
        }
    }

    [LibvirtFact]
    public async Task What_happens_to_a_domain_is_seen()
    {
        using var host = await TestHost.OwnAsync();
        var domain = await host.GetDomainAsync("web1");
        await host.CallAsync(domain.Uuid, native => { native.Suspend(); return true; }, CancellationToken.None);
        Assert.Equal("Paused (user)", (await host.GetDomainAsync("web1")).Status.ToString());
        await host.CallAsync(domain.Uuid, native => { native.Resume(); native.SetAutostart(true); return true; }, CancellationToken.None);
        var after = await host.GetDomainAsync("web1");
        Assert.Equal(("Running (unpaused)", true), (after.Status.ToString(), after.Autostart));
    }

    [LibvirtFact]
    public async Task A_domains_disks_are_read_from_its_definition()
    {
        using var host = await TestHost.OwnAsync();
        var disk = Assert.Single(await (await host.GetDomainAsync("web2")).GetDisksAsync());
        Assert.Equal(("vda", "/default-pool/web2.img", "web2", "own"), (disk.Target, disk.Source, disk.Name, disk.HostName));
        Assert.Empty(await (await host.GetDomainAsync("web1")).GetDisksAsync());
    }

    [LibvirtFact]
    public async Task A_domain_of_a_driver_without_statistics_has_what_is_known()
    {
        using var host = await TestHost.ConnectAsync();
        var domain = Assert.Single(await host.GetDomainsAsync());
        Assert.Equal(("test", DomainState.Running), (domain.Name, domain.State));
        Assert.Equal("vda", Assert.Single(domain.Disks).Target);
        Assert.True(domain is { VCpus: > 0, Memory: > 0, MaxMemory: > 0 });
    }
}
