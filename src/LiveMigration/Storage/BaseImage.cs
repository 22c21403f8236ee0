using System.Security.Cryptography;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Storage;

/// <summary>Compares what lies below an image with what lies there on the destination.</summary>
internal static class BaseImage
{
    private const int Header = 1 << 20;
    private const int Sample = 64 << 10;
    private const int Samples = 32;

    /// <summary>Compares layer by layer, from the topmost down.</summary>
    /// <param name="source">The source.</param>
    /// <param name="below">What lies below the image on the source.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="there">What lies at the same paths there; null where nothing does.</param>
    /// <param name="check">How much of their content is compared.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<BaseMatch> CompareAsync(
        LibvirtHost source, IReadOnlyList<Volume> below, LibvirtHost destination, IReadOnlyList<Volume?> there, BaseCheck check, CancellationToken cancellationToken)
    {
        foreach (var (here, other) in below.Zip(there))
        {
            if (other is null)
                return new BaseMatch(IsSame: false, IsThere: false, $"{destination.Name} has no {here.Path} in an active pool");
            if (Difference(here, other) is { } difference)
                return new BaseMatch(IsSame: false, IsThere: true, $"{here.Path} {difference}");
            // What differs mostly differs in a sample: only what does not is worth being read whole.
            var same = await IsSameAsync(BaseCheck.Sampled).ConfigureAwait(false) && (check is BaseCheck.Sampled || await IsSameAsync(BaseCheck.Full).ConfigureAwait(false));
            if (!same)
                return new BaseMatch(IsSame: false, IsThere: true, $"the content of {here.Path} differs between {source.Name} and {destination.Name}");

            async Task<bool> IsSameAsync(BaseCheck much)
            {
                var hashes = await Task.WhenAll(
                    BaseHashes.Of(source).GetAsync(source, here, much, cancellationToken), BaseHashes.Of(destination).GetAsync(destination, other, much, cancellationToken)).ConfigureAwait(false);
                return hashes[0].SequenceEqual(hashes[1]);
            }
        }

        return new BaseMatch(IsSame: true, IsThere: true, $"the backing file is the same on both hosts ({(check is BaseCheck.Full ? "every byte" : "samples")} compared)");
    }

    /// <summary>What can be told without reading them; null when nothing differs.</summary>
    internal static string? Difference(Volume here, Volume there) =>
        here.Format != there.Format ? $"is {here.Format} on the source and {there.Format} on the destination"
        : here.Capacity != there.Capacity ? $"has {new ByteSize(here.Capacity)} on the source and {new ByteSize(there.Capacity)} on the destination"
        : here.Length != there.Length ? $"is {here.Length} bytes long on the source and {there.Length} on the destination"
        : here.Backing != there.Backing ? "has a different backing file on the destination"
        : null;

    /// <summary>The parts that are read: the header, and places spread over the file; the same on both hosts.</summary>
    internal static IReadOnlyList<(long Offset, long Length)> Parts(long length, BaseCheck check)
    {
        if (check is BaseCheck.Full || length <= Header + (Samples * Sample))
            return length == 0 ? [] : [(0, length)];
        var rest = length - Header - Sample;
        return [(0, Header), .. Enumerable.Range(0, Samples).Select(index => (Header + (rest * index / (Samples - 1)), (long)Sample))];
    }

    internal static byte[] Hash(Connection connection, Volume facts, IReadOnlyList<(long Offset, long Length)> parts, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var pool = NativePool.Lookup(connection, facts.Pool);
        using var volume = pool.FindVolume(facts.Name)
            ?? throw new LiveMigrationException(Faults.BackingFileMissing, $"{facts.Path} no longer exists.", connection.Host);
        foreach (var (offset, length) in parts)
        {
            volume.Download((ulong)offset, (ulong)length, piece =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(piece.Span);
            });
        }

        return hash.GetHashAndReset();
    }
}
