using LiveMigration.Planning;
using static LiveMigration.Monitoring.Policies.Checks.Check;

namespace LiveMigration.Monitoring.Policies.Checks;

/// <summary>What migrations are started with.</summary>
internal static class SettingRules
{
    internal static PolicyProblem[] Broken(MigrationPolicy policy)
    {
        var several = policy.Parallel is not null;
        var oneChannel = policy.Compression is MigrationCompression.Xbzrle or MigrationCompression.Mt;
        var manyChannels = policy.Compression is MigrationCompression.Zlib or MigrationCompression.Zstd;
        return
        [
            .. If(string.IsNullOrWhiteSpace(policy.Name), "name", "Expected a name."),
            .. If(policy.Parallel is < 1 or > 255, "parallel", "Expected 1 to 255 connections."),
            .. If(policy.AutoConvergeInitial is < 1 or > 99, "autoConvergeInitial", "Expected 1 to 99 (percent)."),
            .. If(policy.AutoConvergeIncrement is < 1 or > 99, "autoConvergeIncrement", "Expected 1 to 99 (percent)."),
            .. If(!policy.AutoConverge && policy.AutoConvergeInitial is not null, "autoConvergeInitial", "Add 'autoConverge: true'."),
            .. If(!policy.AutoConverge && policy.AutoConvergeIncrement is not null, "autoConvergeIncrement", "Add 'autoConverge: true'."),
            .. If(!policy.PostCopy && policy.PostCopyBandwidth is not null, "postCopyBandwidth", "Add 'postCopy: true'."),
            .. Level(policy),
            .. If(policy.XbzrleCacheShare is < 1 or > 100, "xbzrleCacheShare", "Expected 1 to 100 (percent)."),
            .. If(
                policy.XbzrleCacheShare is not null && policy.Compression is not MigrationCompression.Xbzrle,
                "xbzrleCacheShare",
                "Add 'compression: xbzrle'."),
            .. If(policy.ConcurrentMigrations < 1, "concurrentMigrations", "Expected 1 or more."),
            .. If(oneChannel && several, "compression", "This compression works on a single channel: omit 'parallel', or use zlib or zstd."),
            .. If(manyChannels && !several, "compression", "This compression requires several connections: add 'parallel'."),
            .. If(policy.ZeroCopy && !several, "zeroCopy", "Zero-copy requires several connections: add 'parallel'."),
            .. If(
                policy.ZeroCopy && (policy.Tls || policy.Compression is not MigrationCompression.None),
                "zeroCopy",
                "Encryption and compression copy the data: omit 'tls' and 'compression'."),
        ];
    }

    private static PolicyProblem[] Level(MigrationPolicy policy)
    {
        var (least, most) = policy.Compression switch
        {
            MigrationCompression.Zlib => (1, 9),
            MigrationCompression.Zstd => (1, 20),
            MigrationCompression.Mt => (0, 9),
            _ => (0, -1),
        };
        return policy.CompressionLevel is not { } level || (level >= least && level <= most)
            ? []
            : [new("compressionLevel", most < 0 ? "Add 'compression' zlib, zstd or mt." : $"Expected {least} to {most}, not {level}.")];
    }
}
