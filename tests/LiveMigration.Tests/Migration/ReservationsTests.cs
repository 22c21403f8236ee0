using LiveMigration.Errors;
using LiveMigration.Migration.Reservations;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Migration;

/// <summary>Two migrations of this process never count the same memory, space or port of a destination.</summary>
public sealed class ReservationsTests
{
    private readonly DestinationReservations _destination = new();
    private long _memory = 10;
    private long _space = 100;
    private long? _left;

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

    private Task<IDisposable> TakeAsync(Reservation wanted) => _destination.TakeAsync(
        wanted,
        () => _left,
        () => Task.FromResult(new Room(_memory, new Dictionary<string, long> { ["default"] = _space, ["other"] = _space })),
        "b",
        CancellationToken.None);
}
