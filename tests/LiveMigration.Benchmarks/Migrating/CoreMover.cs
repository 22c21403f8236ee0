using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Migrating;

/// <summary>The core, with hosts that are connected already.</summary>
internal sealed class CoreMover(IReadOnlyList<LibvirtHost> hosts, MigrateOptions options) : Mover
{
    /// <summary>A limit of the memory stream; null for none.</summary>
    internal Bandwidth? Limit { get; init; }

    /// <summary>How long finding and planning took each time, in milliseconds.</summary>
    internal List<double> Planning { get; } = [];

    internal override async Task MoveAsync(string guest, int from)
    {
        var started = Stopwatch.GetTimestamp();
        var domain = await hosts[from].GetDomainAsync(guest);
        var plan = await domain.PlanMigrationAsync(hosts[1 - from], new MigrationOptions
        {
            Mode = options.Direct ? MigrationMode.Direct : MigrationMode.PeerToPeer,
            AllowUnsafe = options.Unsafe,
            Bandwidth = Limit,
            // As virsh without --tls; bench tls tells what encryption costs.
            Tls = MigrationTls.Off,
        });
        Planning.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        var result = await plan.Start().Completion;
        if (result.ToException() is { } failure)
            throw failure;
    }
}
