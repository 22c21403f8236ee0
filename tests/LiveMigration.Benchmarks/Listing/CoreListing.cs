using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Listing;

/// <summary>The core, in this process.</summary>
internal sealed class CoreListing : Listing
{
    private LibvirtHost? _host;

    internal override string Name => "core";

    internal override string Includes => "an object each, with state, vCPUs, memory, disks, persistence";

    internal override async Task ConnectAsync(string uri)
    {
        _host?.Dispose();
        _host = await LibvirtHost.ConnectAsync("test", HostUri.Parse(uri));
    }

    internal override async Task ListAsync(int count) => Check((await _host!.GetDomainsAsync()).Count, count);

    internal override Task<double> AllocatedAsync() => Task.FromResult<double>(GC.GetTotalAllocatedBytes(precise: true));
}
