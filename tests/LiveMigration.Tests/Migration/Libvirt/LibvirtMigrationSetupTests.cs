using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Migration.Libvirt;
using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Tests.Hosts;
using LiveMigration.Tests.Interop.Libvirt;
using LiveMigration.Tests.State;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration.Libvirt;

/// <summary>M3: what was changed on the hosts is put back, the guest first, and no failure keeps it waiting.</summary>
public sealed class LibvirtMigrationSetupTests
{
    [LibvirtFact]
    public async Task A_guest_is_resumed_whatever_becomes_of_its_images()
    {
        using var source = await TestHost.OwnAsync();
        using var state = new GivenState();
        var destination = await LibvirtHost.ConnectAsync("b", HostUri.Parse("test:///default"), new HostOptions { State = state.Store });
        var domain = await source.GetDomainAsync("web1");
        var pool = await destination.CallAsync(connection => new HostStorage(connection).Pools.First(pool => pool.IsActive), CancellationToken.None);
        var plan = new MigrationPlan
        {
            Domain = domain,
            Destination = destination,
            Options = MigrationOptions.Default,
            Mode = MigrationMode.PeerToPeer,
            MayFallBack = false,
            Notices = [],
            Disks =
            [
                new DiskMove
                {
                    Target = "vda", Access = StorageAccess.Local, Evidence = "", Transfer = DiskTransfer.Full, MakesImage = true,
                    Source = "/web1.raw", Destination = $"{pool.Pool.TargetPath}/web1.raw", Format = "raw", Capacity = 1 << 20, Pool = pool,
                },
            ],
        };
        var run = new MigrationRun(domain, destination, plan.Options, plan.Mode, foreign: false);
        using var setup = new LibvirtMigrationSetup(plan, run);
        await setup.MakeAsync();
        await source.CallAsync(domain.Uuid, native => native.Suspend(), CancellationToken.None);
        // Nothing more can be asked of it, nor removed.
        destination.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => setup.PutBackAsync(
            new OutcomeProbe(MigrationVerdict.StayedPaused, new GuestPresence(GuestState.PausedForMigration), GuestPresence.Absent), suspended: true, lostTouch: false));

        Assert.True((await source.GetDomainAsync("web1")).Status.IsExecuting);
    }
}
