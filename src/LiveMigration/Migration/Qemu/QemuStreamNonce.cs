using System.Security.Cryptography;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Migration.Qemu;

/// <summary>
/// Proves that what a destination has read from a program or a file is this migration, and not an older stream of the same VM. QEMU sends it along in the
/// stream: a dirty bitmap with a name that nobody else has, on a node that stores nothing. Only a destination that has read that stream has the bitmap.
/// </summary>
/// <param name="Name">The name of the node and of the bitmap; QEMU takes 31 characters.</param>
/// <param name="SourceMapping">The source's <c>block-bitmap-mapping</c> before, as JSON; null for none.</param>
/// <param name="DestinationMapping">The destination's.</param>
internal sealed record QemuStreamNonce(string Name, string? SourceMapping, string? DestinationMapping)
{
    internal const string Capability = "dirty-bitmaps";

    internal const string Mapping = "block-bitmap-mapping";

    /// <summary>From this QEMU on, it can be said which bitmaps go along.</summary>
    internal static readonly Version Since = new(5, 2);

    /// <summary>A new one for each attempt.</summary>
    internal static QemuStreamNonce New(QemuFacts source, QemuFacts destination) => new(
        $"livemigration-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).ToLowerInvariant()}",
        source.Parameters.GetValueOrDefault(Mapping) as string,
        destination.Parameters.GetValueOrDefault(Mapping) as string);

    /// <summary>Adds it to the source, and has both take it along, and no other bitmap.</summary>
    internal async Task AddAsync(QmpClient source, QmpClient destination, CancellationToken cancellationToken)
    {
        foreach (var monitor in new[] { destination, source })
        {
            await monitor.AddNullNodeAsync(Name, cancellationToken).ConfigureAwait(false);
            await monitor.TakeBitmapAlongAsync(Name, Name, cancellationToken).ConfigureAwait(false);
            await monitor.SetMigrationCapabilityAsync(Capability, true, cancellationToken).ConfigureAwait(false);
        }

        await source.AddBitmapAsync(Name, Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a destination that has read all of a stream has read this migration's.</summary>
    internal Task<bool> HasArrivedAsync(QmpClient destination, CancellationToken cancellationToken) => destination.HasBitmapAsync(Name, Name, cancellationToken);

    /// <summary>
    /// Removes all of it from a QEMU that is there, and what is not of it stays. An empty mapping is what stays where there was none: QEMU cannot forget it.
    /// </summary>
    /// <param name="process">The source or the destination.</param>
    /// <param name="mapping">Its mapping before.</param>
    /// <returns>What the user has to know of the mapping; null for nothing.</returns>
    internal async Task<string?> RemoveAsync(QemuProcess process, string? mapping)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            var monitor = await process.MonitorAsync(limit.Token).ConfigureAwait(false);
            // The mapping is the first setting that is made: where it is another one by now, it is the user's, and the capability with it.
            var isOurs = IsIn(await monitor.QueryMigrationParametersAsync(limit.Token).ConfigureAwait(false));
            foreach (var step in new Func<Task>[]
            {
                () => isOurs ? monitor.SetMigrationCapabilityAsync(Capability, false, limit.Token) : Task.CompletedTask,
                () => isOurs ? monitor.RestoreBitmapMappingAsync(mapping, limit.Token) : Task.CompletedTask,
                () => monitor.RemoveBitmapAsync(Name, Name, limit.Token),
                () => monitor.RemoveNodeAsync(Name, limit.Token),
            })
            {
                try
                {
                    await step().ConfigureAwait(false);
                }
                catch (QmpException)
                {
                    // It did not come that far.
                }
            }

            return isOurs && mapping is null && await monitor.HasBitmapsAsync(limit.Token).ConfigureAwait(false)
                ? $"{Mapping} of QEMU at {process.Address} was not set before, and is empty now: set it before you migrate its dirty bitmaps ({Capability}), or none of them is." : null;
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException or OperationCanceledException)
        {
            return null; // An empty node in a QEMU that does not answer.
        }
    }

    /// <summary>Whether a QEMU has the mapping of this migration.</summary>
    internal bool IsIn(IReadOnlyDictionary<string, object> parameters) =>
        parameters.GetValueOrDefault(Mapping) is string now && now.Contains($"\"{Name}\"", StringComparison.Ordinal);
}
