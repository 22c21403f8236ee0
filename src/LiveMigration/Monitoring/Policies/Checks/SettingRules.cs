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
            .. If(string.IsNullOrWhiteSpace(policy.Name), "name", "A name was expected."),
            .. If(policy.Parallel is < 1 or > 255, "parallel", "1 to 255 connections were expected."),
            .. If(policy.AutoConvergeInitial is < 1 or > 99, "autoConvergeInitial", "1 to 99 (percent) was expected."),
            .. If(policy.AutoConvergeIncrement is < 1 or > 99, "autoConvergeIncrement", "1 to 99 (percent) was expected."),
            .. If(!policy.AutoConverge && policy.AutoConvergeInitial is not null, "autoConvergeInitial", "Add 'autoConverge: true'."),
            .. If(!policy.AutoConverge && policy.AutoConvergeIncrement is not null, "autoConvergeIncrement", "Add 'autoConverge: true'."),
            .. If(!policy.PostCopy && policy.PostCopyBandwidth is not null, "postCopyBandwidth", "Add 'postCopy: true'."),
            .. Level(policy),
            .. If(policy.XbzrleCacheShare is < 1 or > 100, "xbzrleCacheShare", "1 to 100 (percent) was expected."),
            .. If(
                policy.XbzrleCacheShare is not null && policy.Compression is not MigrationCompression.Xbzrle,
                "xbzrleCacheShare",
                "Add 'compression: xbzrle'."),
            .. If(policy.ConcurrentMigrations < 1, "concurrentMigrations", "1 or more was expected."),
            .. If(oneChannel && several, "compression", "This one works on one channel: leave out 'parallel', or use zlib or zstd."),
            .. If(manyChannels && !several, "compression", "This one works on several connections: add 'parallel'."),
            .. If(policy.ZeroCopy && !several, "zeroCopy", "Zero-copy works on several connections: add 'parallel'."),
            .. If(
                policy.ZeroCopy && (policy.Tls || policy.Compression is not MigrationCompression.None),
                "zeroCopy",
                "What is encrypted or compressed is copied: leave out 'tls' and 'compression'."),
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
            : [new("compressionLevel", most < 0 ? "Add 'compression' zlib, zstd or mt." : $"{least} to {most} was expected, not {level}.")];
    }
}
