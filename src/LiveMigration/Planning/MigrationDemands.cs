using LiveMigration.Hosts;
using LiveMigration.Readiness;
using LiveMigration.Storage;

namespace LiveMigration.Planning;

/// <summary>options → what they demand of hosts and VM.</summary>
internal static class MigrationDemands
{
    internal static MigrationDemand ToDemand(this MigrationOptions options, LibvirtHost destination) => new()
    {
        Offline = options.Offline,
        Direct = options.Mode is MigrationMode.Direct,
        PeerUri = options.DestinationUri ?? destination.Uri.ForPeer()?.Text,
        MigrationUri = options.MigrationUri,
        ListenAddress = options.ListenAddress,
        NewName = options.NewName,
        KeepSource = options.KeepSource,
        Tls = options.Tls,
        TlsName = options.TlsName,
        AllowUnsafe = options.AllowUnsafe,
        AllowMemoryOvercommit = options.AllowMemoryOvercommit,
        Storage = options.Storage,
        Places = new DiskPlaces(options.DiskMap, options.DestinationXml),
        PostCopy = options.MayPostCopy,
        AutoConverge = options.AutoConverge,
        Bandwidth = options.Bandwidth is { IsUnlimited: false } bandwidth ? bandwidth : null,
        Timeout = options.Timeout,
        Parallel = options.Parallel,
        ZeroCopy = options.ZeroCopy,
        Compression = options.Compression is MigrationCompression.None ? null : options.Compression.ToString().ToLowerInvariant(),
        DefinitionIsGiven = options.DestinationXml is not null,
        Rewrite = xml => options.DestinationXml ?? DomainXmlRewrite.Apply(xml, options) ?? xml,
    };
}
