using LiveMigration.Hosts;
using LiveMigration.Tests.Interop.Libvirt;

namespace LiveMigration.Tests.Hosts;

public sealed class MigrationConnectionsTests
{
    [LibvirtFact]
    public async Task Four_migrations_share_a_connection_and_a_fifth_gets_another()
    {
        using var host = await TestHost.ConnectAsync();
        var leases = new List<MigrationConnections.Lease>();
        for (var rented = 0; rented < 5; rented++)
            leases.Add(await host.MigrationConnections.RentAsync(CancellationToken.None));
        Assert.Single(leases.Take(4).Select(lease => lease.Connection).Distinct());
        Assert.NotSame(leases[0].Connection, leases[4].Connection);
        Assert.NotSame(await host.ControlAsync(CancellationToken.None), leases[0].Connection);
    }

    [LibvirtFact]
    public async Task A_place_that_is_free_again_is_taken_before_a_connection_is_opened()
    {
        using var host = await TestHost.ConnectAsync();
        using var one = await host.MigrationConnections.RentAsync(CancellationToken.None);
        var two = await host.MigrationConnections.RentAsync(CancellationToken.None);
        two.Dispose();
        two.Dispose();
        using var three = await host.MigrationConnections.RentAsync(CancellationToken.None);
        Assert.Same(one.Connection, three.Connection);
    }

    [LibvirtFact]
    public async Task A_connection_that_nobody_uses_is_closed()
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
        Assert.Equal(3, leases.Select(lease => lease.Connection).Distinct().Count());
        var waiting = host.MigrationConnections.RentAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        leases[7].Dispose();
        Assert.Same(leases[4].Connection, (await waiting).Connection);
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
