using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Migration.Reservations;
using LiveMigration.Planning;
using LiveMigration.Storage;

namespace LiveMigration.Tests.Migration;

/// <summary>Two migrations of this process never count the same memory, space or port of a destination.</summary>
public sealed class ReservationsTests
{
    private readonly DestinationReservations _destination = new();
    private long _memory = 10;
    private long _space = 100;
    private long? _left;
    private long _pages = 10;
    private Dictionary<string, PoolFacts>? _pools;
    private IReadOnlyCollection<string> _asked = [];

    [Fact]
    public async Task Two_plans_that_each_fit_and_do_not_fit_together()
    {
        var first = await TakeAsync(Memory("web", 6));
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Memory("db", 6)));
        Assert.Equal((Faults.InsufficientMemory, "'db' may use 6 B, but b has 10 B available, of which 6 B is for 'web' on the way there."), (error.Fault, error.Message));
        await TakeAsync(Memory("small", 4));
        first.Dispose();
        await TakeAsync(Memory("db", 6));
    }

    /// <summary>Its plan may have waited for its user.</summary>
    [Fact]
    public async Task The_first_one_is_checked_against_what_is_free_now()
    {
        Assert.Equal("'web' may use 11 B, but b has 10 B available.", (await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Memory("web", 11)))).Message);
        _pools = new() { ["/srv/vms"] = Pool("/srv/vms", 1000, 50) };
        Assert.Equal("The disks of 'web' need 60 B, but folder /srv/vms on b has 50 B free.", (await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Disks("web", "/srv/vms", 60)))).Message);
        await TakeAsync(Disks("web", "/srv/vms", 40));
        Assert.Equal(Faults.InsufficientStorage, (await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Disks("db", "/srv/vms", 40)))).Fault);
    }

    [Fact]
    public async Task What_has_arrived_is_not_counted_again()
    {
        await TakeAsync(Memory("web", 6));
        (_memory, _left) = (6, 2);
        await TakeAsync(Memory("db", 4));
    }

    [Fact]
    public async Task What_was_taken_by_one_that_has_ended_is_seen()
    {
        (await TakeAsync(Memory("web", 6))).Dispose();
        _memory = 4;
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Memory("db", 6)));
        Assert.Equal("'db' may use 6 B, but b has 4 B available.", error.Message);
    }

    [Fact]
    public async Task Who_may_overcommit_is_counted_and_not_refused()
    {
        await TakeAsync(Memory("web", 20) with { NeedsMemory = false });
        Assert.Equal(Faults.InsufficientMemory, (await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Memory("db", 1)))).Fault);
        await TakeAsync(Memory("db", 1) with { NeedsMemory = false });
    }

    [Fact]
    public async Task A_pools_space_and_a_port_are_given_once()
    {
        await TakeAsync(Disks("web", "default", 60) with { Ports = [49900] });
        Assert.Equal(Faults.InsufficientStorage, (await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Disks("db", "default", 60)))).Fault);
        await TakeAsync(Disks("db", "other", 60));
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Memory("mail", 1) with { Ports = [49900] }));
        Assert.Equal((Faults.PortInUse, "'mail' cannot use port 49900 on b: the migration of 'web' uses it."), (error.Fault, error.Message));
    }

    /// <summary>Two directories of one file system have the same size and the same free space, which is there once.</summary>
    [Theory]
    [InlineData(1000, 100, 1000, 100, null, null, false)]
    [InlineData(1000, 100, 1000, 101, null, null, false)] // Something was written between two looks.
    [InlineData(1000, 100, 1000, 150, null, null, true)]
    [InlineData(1000, 100, 2000, 100, null, null, true)]
    [InlineData(1000, 100, 1000, 100, "nas:/a", "nas:/b", true)]
    [InlineData(1000, 100, 1000, 110, "nas:/a", "nas:/a", false)]
    [InlineData(0, 100, 0, 100, null, null, true)]
    public async Task Two_pools_over_one_file_system_have_its_space_once(long size, long free, long otherSize, long otherFree, string? origin, string? otherOrigin, bool fits)
    {
        _pools = new() { ["default"] = Pool("default", size, free) with { Origin = origin }, ["other"] = Pool("other", otherSize, otherFree) with { Origin = otherOrigin } };
        await TakeAsync(Disks("web", "default", 60));
        if (fits)
            await TakeAsync(Disks("db", "other", 60));
        else
            Assert.Equal($"The disks of 'db' need 60 B, but pool 'other' on b has {otherFree} B free, of which 60 B is for 'web' on the way there.", (await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Disks("db", "other", 60)))).Message);
        Assert.Equal(["default", "other"], _asked.Order());
    }

    [Fact]
    public async Task Both_pools_of_one_migration_count_together()
    {
        _pools = new() { ["default"] = Pool("default", 1000, 100), ["other"] = Pool("other", 1000, 100) };
        await TakeAsync(Memory("web", 1));
        var both = new Reservation("db") { Space = new Dictionary<string, long> { ["default"] = 60, ["other"] = 60 } };
        Assert.Equal("The disks of 'db' need 120 B, but pool 'default' on b has 100 B free.", (await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(both))).Message);
    }

    [Fact]
    public async Task Huge_pages_are_given_once_by_their_size()
    {
        await TakeAsync(Pages("web", 2048, 6));
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => TakeAsync(Pages("db", 2048, 6)));
        Assert.Equal((Faults.InsufficientMemory, "'db' needs 6 B in pages of 2 MiB, but b has 10 B free in them, of which 6 B is for 'web' on the way there."), (error.Fault, error.Message));
        await TakeAsync(Pages("big", 1048576, 6));
        await TakeAsync(Memory("plain", 10));
        // Once data arrives, QEMU has taken its pages: they are no longer free.
        (_pages, _left) = (6, 3);
        await TakeAsync(Pages("db", 2048, 6));
    }

    [Fact]
    public void A_guest_in_huge_pages_takes_those_and_no_memory()
    {
        var wanted = Reservation.Of(MigrationPlanner.Plan(Given.Host("b"), Given.Facts(), new()) with { HugePages = new Dictionary<uint, long> { [2048] = 4L << 30 } });
        Assert.Equal((0L, false, 4L << 30), (wanted.Memory, wanted.NeedsMemory, wanted.Pages[2048]));
        var disks = Reservation.OfDisks(MigrationPlanner.Plan(Given.Host("b"), Given.Facts(), new() { DisksPort = 49900 }));
        Assert.Equal((0L, false, 0, 0), (disks.Memory, disks.NeedsMemory, disks.Pages.Count, disks.Ports.Count));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("<memoryBacking><hugepages/></memoryBacking>", "")]
    [InlineData("<memoryBacking><hugepages><page size='2048' unit='KiB'/></hugepages></memoryBacking>", "2048:4096")]
    [InlineData("<memoryBacking><hugepages><page size='1' unit='GiB' nodeset='0'/></hugepages></memoryBacking>", "1048576:4096")]
    [InlineData("<cpu><numa><cell id='0' memory='1' unit='GiB'/><cell id='1' memory='3145728'/></numa></cpu><memoryBacking><hugepages><page size='2' unit='MiB'/><page size='1' unit='GiB' nodeset='1'/></hugepages></memoryBacking>", "1048576:3072,2048:1024")]
    public void Huge_pages_are_counted_by_size_and_node(string more, string? expected)
    {
        var needs = HugePages.Of(System.Xml.Linq.XElement.Parse($"<domain>{more}</domain>"), 4L << 30);
        Assert.Equal(expected, needs is null ? null : string.Join(',', needs.Select(one => $"{one.Key}:{one.Value >> 20}")));
    }

    [Fact]
    public async Task Of_many_at_once_as_many_begin_as_fit()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            try
            {
                await Task.Run(() => TakeAsync(Memory($"vm{number}", 3)));
                return true;
            }
            catch (LiveMigrationException)
            {
                return false;
            }
        }));
        Assert.Equal(3, tries.Count(took => took));
    }

    [Fact]
    public void A_plan_needs_its_memory_its_images_and_the_ports_that_were_named()
    {
        var options = new MigrationOptions { DisksPort = 49900, MigrationUri = "tcp://10.0.0.2:49999", AllowMemoryOvercommit = true };
        var wanted = Reservation.Of(MigrationPlanner.Plan(Given.Host("b"), Given.Facts(), options));
        Assert.Equal(("web", 4L << 30, false), (wanted.Name, wanted.Memory, wanted.NeedsMemory));
        Assert.Equal([49900, 49999], wanted.Ports);
        Assert.Empty(wanted.Space);
        Assert.Empty(Reservation.Of(MigrationPlanner.Plan(Given.Host("b"), Given.Facts(), new() { MigrationUri = "tcp://b.lab" })).Ports);
    }

    private static Reservation Memory(string name, long bytes) => new(name) { Memory = bytes };

    private static Reservation Disks(string name, string pool, long bytes) => new(name) { Space = new Dictionary<string, long> { [pool] = bytes } };

    private static Reservation Pages(string name, uint size, long bytes) => new(name) { NeedsMemory = false, Pages = new Dictionary<uint, long> { [size] = bytes } };

    private static PoolFacts Pool(string name, long size, long free) => new(new StoragePool(name, "dir", $"/{name}"), IsActive: true, Origin: null, free) { Capacity = size };

    private Task<IDisposable> TakeAsync(Reservation wanted) => _destination.TakeAsync(
        wanted,
        () => _left,
        pools =>
        {
            _asked = pools;
            return Task.FromResult(new Room(
                _memory,
                _pools ?? new() { ["default"] = Pool("default", 0, _space), ["other"] = Pool("other", 0, _space) },
                new Dictionary<uint, long> { [2048] = _pages, [1048576] = 10 }));
        },
        "b",
        CancellationToken.None);
}
