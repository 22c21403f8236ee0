using LiveMigration.Hosts;
using LiveMigration.Tests.Interop.Libvirt;

namespace LiveMigration.Tests.Hosts;

public sealed class MigrationConnectionsTests
{
    [LibvirtFact]
    public async Task Each_migration_has_a_connection_of_its_own()
    {
        using var host = await TestHost.ConnectAsync();
        using var one = await host.MigrationConnections.RentAsync(CancellationToken.None);
        using var two = await host.MigrationConnections.RentAsync(CancellationToken.None);
        Assert.NotSame(one.Connection, two.Connection);
        Assert.NotSame(await host.ControlAsync(CancellationToken.None), one.Connection);
    }

    [LibvirtFact]
    public async Task A_connection_is_closed_with_its_migration()
    {
        using var host = await TestHost.ConnectAsync();
        var lease = await host.MigrationConnections.RentAsync(CancellationToken.None);
        var connection = lease.Connection;
        Assert.True(connection.IsAlive);
        lease.Dispose();
        Assert.False(connection.IsAlive);
        using var next = await host.MigrationConnections.RentAsync(CancellationToken.None);
        Assert.NotSame(connection, next.Connection);
    }

    [LibvirtFact]
    public async Task The_thirteenth_migration_waits_for_a_place()
    {
        using var host = await TestHost.ConnectAsync();
        var leases = new List<MigrationConnections.Lease>();
        for (var rented = 0; rented < MigrationConnections.PerDaemon; rented++)
            leases.Add(await host.MigrationConnections.RentAsync(CancellationToken.None));
        var waiting = host.MigrationConnections.RentAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        leases[7].Dispose();
        leases[7].Dispose();
        Assert.True((await waiting).Connection.IsAlive);
    }

    [LibvirtFact]
    public async Task Whoever_gives_up_waiting_takes_no_place()
    {
        using var host = await TestHost.ConnectAsync();
        for (var rented = 0; rented < MigrationConnections.PerDaemon - 1; rented++)
            await host.MigrationConnections.RentAsync(CancellationToken.None);
        var last = await host.MigrationConnections.RentAsync(CancellationToken.None);
        using var giveUp = new CancellationTokenSource();
        var waiting = host.MigrationConnections.RentAsync(giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        last.Dispose();
        using var next = await host.MigrationConnections.RentAsync(CancellationToken.None);
        Assert.True(next.Connection.IsAlive);
    }
}
