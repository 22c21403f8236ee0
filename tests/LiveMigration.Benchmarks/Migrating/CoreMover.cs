using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Migrating;

/// <summary>The core, with hosts that are connected already.</summary>
internal sealed class CoreMover(IReadOnlyList<LibvirtHost> hosts, MigrateOptions options) : Mover
{
    /// <summary>A limit of the memory stream; null for none.</summary>
    internal Bandwidth? Limit { get; init; }

    internal override async Task MoveAsync(string guest, int from)
    {
        var domain = await hosts[from].GetDomainAsync(guest);
        var plan = await domain.PlanMigrationAsync(hosts[1 - from], new MigrationOptions
        {
            Mode = options.Direct ? MigrationMode.Direct : MigrationMode.PeerToPeer,
            AllowUnsafe = options.Unsafe,
            Bandwidth = Limit,
        });
        var result = await plan.Start().Completion;
        if (result.ToException() is { } failure)
            throw failure;
    }
}
