using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Readiness;

/// <summary>What can be set right on a host without harm to anything that runs there.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Host">Where.</param>
/// <param name="Name">To what.</param>
internal sealed record HostRepair(RepairKind Kind, LibvirtHost Host, string Name) : Repair
{
    internal override string Command => FixCommand.Virsh(Host, Kind switch
    {
        RepairKind.StartNetwork => "net-start",
        RepairKind.AutostartNetwork => "net-autostart",
        RepairKind.StartPool => "pool-start",
        _ => "pool-autostart",
    }, Name);

    /// <summary>For example <c>Start network 'default' on b</c>.</summary>
    public override string ToString() => Kind switch
    {
        RepairKind.StartNetwork => $"Start network '{Name}' on {Host.Name}",
        RepairKind.AutostartNetwork => $"Start network '{Name}' automatically on {Host.Name}",
        RepairKind.StartPool => $"Start storage pool '{Name}' on {Host.Name}",
        _ => $"Start storage pool '{Name}' automatically on {Host.Name}",
    };

    internal override Task DoAsync(CancellationToken cancellationToken) => Host.CallAsync(Do, cancellationToken);

    private void Do(Connection connection)
    {
        switch (Kind)
        {
            case RepairKind.StartNetwork:
                HostNetworks.Start(connection, Name);
                break;
            case RepairKind.AutostartNetwork:
                HostNetworks.SetAutostart(connection, Name);
                break;
            default:
                using (var pool = NativePool.Lookup(connection, Name))
                {
                    if (Kind is RepairKind.StartPool)
                        pool.Start();
                    else
                        pool.SetAutostart(true);
                }

                break;
        }
    }
}

/// <summary>Kinds of <see cref="HostRepair"/>.</summary>
internal enum RepairKind
{
    StartNetwork,
    AutostartNetwork,
    StartPool,
    AutostartPool,
}
