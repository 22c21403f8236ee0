using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LiveMigration.Hosts;

namespace LiveMigration.Storage;

/// <summary>
/// The hashes of a host's backing files, as far as they were read. Many VMs lie on one template: it is read once, and again only when it has
/// changed. One file is read at a time, over a connection of its own, so that no other question waits for it.
/// </summary>
#pragma warning disable CA1001 // A semaphore without a wait handle has nothing to dispose of; it lives as long as its host.
internal sealed class BaseHashes
#pragma warning restore CA1001
{
    /// <summary>Long enough for a large image through a slow line.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(4);

    private static readonly ConditionalWeakTable<LibvirtHost, BaseHashes> Known = [];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<(string Path, long Length, long Allocation, decimal Changed, BaseCheck Check), byte[]> _hashes = new();

    internal static BaseHashes Of(LibvirtHost host) => Known.GetOrCreateValue(host);

    internal async Task<byte[]> GetAsync(LibvirtHost host, Volume volume, BaseCheck check, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A file of which it is not known when it changed is read again.
            if (volume.Changed is { } changed && _hashes.TryGetValue(Key(changed), out var known))
                return known;
            var parts = BaseImage.Parts(volume.Length, check);
            var hash = await host.CallApartAsync(connection => BaseImage.Hash(connection, volume, parts, cancellationToken), Patience, cancellationToken).ConfigureAwait(false);
            if (volume.Changed is { } now)
                _hashes[Key(now)] = hash;
            return hash;
        }
        finally
        {
            _turn.Release();
        }

        (string, long, long, decimal, BaseCheck) Key(decimal changed) => (volume.Path, volume.Length, volume.Allocation, changed, check);
    }
}
