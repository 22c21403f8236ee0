using System.Numerics;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>Policy and options → options. Where a setting of the policy contradicts what was asked for, it is left out.</summary>
internal static class PolicyOptions
{
    internal static MigrationOptions Of(MigrationPolicy policy, MigrationOptions options, PolicyFacts facts)
    {
        var parallel = options.Parallel ?? (IsOneChannel(options.Compression) ? null : policy.Parallel);
        var free = options.Compression is MigrationCompression.None && !options.ZeroCopy;
        var own = free && IsOneChannel(policy.Compression) == parallel is null;
        var compression = own ? policy.Compression : options.Compression;
        var tls = policy.Tls && options.Tls is MigrationTls.Preferred ? MigrationTls.Required : options.Tls;
        var postCopy = policy.PostCopy && facts.MayPostCopy;
        return options with
        {
            Bandwidth = options.Bandwidth ?? policy.Bandwidth,
            MaxDowntime = policy.Adaptive?.Initial(policy.Downtime).Downtime ?? options.MaxDowntime,
            AutoConverge = options.AutoConverge || policy.AutoConverge,
            AutoConvergeInitial = options.AutoConvergeInitial ?? policy.AutoConvergeInitial,
            AutoConvergeIncrement = options.AutoConvergeIncrement ?? policy.AutoConvergeIncrement,
            PostCopy = options.PostCopy || postCopy,
            PostCopyBandwidth = options.PostCopyBandwidth ?? (postCopy ? policy.PostCopyBandwidth : null),
            Parallel = parallel,
            Compression = compression,
            CompressionLevel = options.CompressionLevel ?? (own ? policy.CompressionLevel : null),
            XbzrleCache = options.XbzrleCache ?? (own ? XbzrleCache(policy, facts) : null),
            Tls = tls,
            ZeroCopy = options.ZeroCopy || (policy.ZeroCopy && tls is not MigrationTls.Required && parallel is not null && compression is MigrationCompression.None),
        };
    }

    private static ByteSize? XbzrleCache(MigrationPolicy policy, PolicyFacts facts) => policy.XbzrleCacheShare is { } share
        ? new ByteSize((long)BitOperations.RoundUpToPowerOf2((ulong)(facts.MemorySize.Bytes / 100 * share)))
        : null;

    private static bool IsOneChannel(MigrationCompression compression) =>
        compression is MigrationCompression.Xbzrle or MigrationCompression.Mt;
}
