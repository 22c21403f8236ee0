using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Readiness;

/// <summary>finding → fixed.</summary>
public static class ReadinessRepairs
{
    /// <summary>Does what <see cref="ReadinessFinding.RepairAction"/> says. Nothing that runs is touched.</summary>
    /// <param name="finding">What was found.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The host does not do it, and why.</exception>
    public static Task RepairAsync(this ReadinessFinding finding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Repair is { } repair
            ? repair.Host.CallAsync(connection => Do(connection, repair), cancellationToken)
            : Task.CompletedTask;
    }

    private static void Do(Connection connection, HostRepair repair)
    {
        switch (repair.Kind)
        {
            case RepairKind.StartNetwork:
                HostNetworks.Start(connection, repair.Name);
                break;
            case RepairKind.AutostartNetwork:
                HostNetworks.SetAutostart(connection, repair.Name);
                break;
            default:
                using (var pool = NativePool.Lookup(connection, repair.Name))
                {
                    if (repair.Kind is RepairKind.StartPool)
                        pool.Start();
                    else
                        pool.SetAutostart(true);
                }

                break;
        }
    }
}
