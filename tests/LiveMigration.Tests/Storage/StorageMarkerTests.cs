using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Storage;
using LiveMigration.Tests.Hosts;
using LiveMigration.Tests.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Tests.Storage;

/// <summary>M6: the file that proves whether two pools are one folder.</summary>
public sealed class StorageMarkerTests
{
    private const string Pool = "default-pool";

    /// <summary>A marker that is made when nobody waits for it any more would stay in the user's pool.</summary>
    [LibvirtFact]
    public async Task A_marker_that_is_made_too_late_is_removed()
    {
        using var host = await LibvirtHost.ConnectAsync("a", HostUri.Parse("test:///default"), HostOptions.Default with { CallTimeout = TimeSpan.FromMilliseconds(500) });
        using var call = new StalledCall("virStorageVolCreateXML");
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => StorageMarker.IsSeenAsync(host, Pool, host, Pool, CancellationToken.None));
        Assert.Equal(Faults.HostNotAnswering, error.Fault);
        call.Release();
        for (var tries = 0; tries < 600 && call.Ended == 0; tries++)
            await Task.Delay(50);
        Assert.Equal(1, call.Ended);
        Assert.Equal(0, await LeftAsync(host));
    }

    [LibvirtFact]
    public async Task A_marker_is_seen_in_its_own_pool_and_is_gone_afterwards()
    {
        using var host = await TestHost.ConnectAsync("a");
        Assert.True(await StorageMarker.IsSeenAsync(host, Pool, host, Pool, CancellationToken.None));
        Assert.Equal(0, await LeftAsync(host));
    }

    /// <summary>How many stay; those of other tests, which have the same pool, go.</summary>
    private static async Task<int> LeftAsync(LibvirtHost host)
    {
        var left = await CountAsync();
        for (var tries = 0; tries < 100 && left > 0; tries++)
        {
            await Task.Delay(50);
            left = await CountAsync();
        }

        return left;

        Task<int> CountAsync() => host.CallAsync(
            connection =>
            {
                using var pool = NativePool.Lookup(connection, Pool);
                var count = 0;
                foreach (var volume in pool.Volumes())
                {
                    using (volume)
                        count += volume.GetXml().Contains(".marker", StringComparison.Ordinal) ? 1 : 0;
                }

                return count;
            },
            CancellationToken.None);
    }
}
