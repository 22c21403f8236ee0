using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Migration;

/// <summary>What both hosts said in the end, and what it means.</summary>
internal sealed record Settlement(MigrationVerdict Verdict, Placement Source, Placement Destination)
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The source answers and the destination does not.</summary>
    internal bool IsDestinationSilent => this is { Source.IsReachable: true, Destination.IsReachable: false };

    /// <summary>Asks both hosts until the answers make sense together, or the time is up.</summary>
    internal static async Task<Settlement> ReachAsync(
        Guid domain, LibvirtHost source, LibvirtHost? destination, Func<Placement, Placement, MigrationVerdict> judge, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var asking = AskAsync(source, domain, cancellationToken);
            var there = destination is null ? Placement.Unreachable : await AskAsync(destination, domain, cancellationToken).ConfigureAwait(false);
            var here = await asking.ConfigureAwait(false);
            var verdict = judge(here, there);
            if (verdict is not MigrationVerdict.Unsettled || TimeProvider.System.GetElapsedTime(started) > limit)
                return new Settlement(verdict, here, there);
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks one host; a host that does not answer soon counts as unreachable.</summary>
    internal static async Task<Placement> AskAsync(LibvirtHost host, Guid domain, CancellationToken cancellationToken)
    {
        try
        {
            var (state, reason) = await host.CallAsync(domain, native => native.GetState(), cancellationToken)
                .WaitAsync(Answer, cancellationToken).ConfigureAwait(false);
            return Placement.Of(new DomainStatus((DomainState)state, reason));
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
        {
            return Placement.Absent;
        }
        catch (Exception error) when (error is LiveMigrationException or TimeoutException or ObjectDisposedException)
        {
            return Placement.Unreachable;
        }
    }
}
