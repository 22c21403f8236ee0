using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Planning;

namespace LiveMigration.Migration.Qemu;

/// <summary>Options → what is switched on, and set, in both QEMUs. What one of them lacks the rules have refused, where it was asked for.</summary>
internal static class QemuSettings
{
    /// <summary>QEMU's own, which is more than any link has, where no limit was asked for: its default is 128 MiB/s.</summary>
    private const long Unlimited = long.MaxValue;

    internal static Dictionary<string, bool> OfSource(QemuProcess source, QemuProcess destination, MigrationOptions options, bool copies) => Known(source.Facts, new()
    {
        ["events"] = true,
        ["auto-converge"] = options.AutoConverge,
        ["zero-copy-send"] = options.ZeroCopy,
        ["pause-before-switchover"] = copies,
        ["background-snapshot"] = false,
        ["release-ram"] = false,
        ["late-block-activate"] = false,
    }).Concat(OfBoth(source, destination, options)).ToDictionary();

    internal static Dictionary<string, bool> OfDestination(QemuProcess source, QemuProcess destination, MigrationOptions options) => Known(destination.Facts, new()
    {
        ["events"] = true,
        // The source may take its disks back until the destination runs; a newer QEMU always does so.
        ["late-block-activate"] = true,
    }).Concat(OfBoth(source, destination, options)).ToDictionary();

    internal static Dictionary<string, object> SourceParameters(QemuProcess source, MigrationOptions options, bool encrypted)
    {
        var parameters = Parallel(options);
        parameters["max-bandwidth"] = options.Bandwidth is { IsUnlimited: false } limit ? limit.BytesPerSecond : Unlimited;
        Add("downtime-limit", options.MaxDowntime is { } downtime ? (long)downtime.Milliseconds : null);
        Add("max-postcopy-bandwidth", options.PostCopyBandwidth is { IsUnlimited: false } after ? after.BytesPerSecond : null);
        Add("cpu-throttle-initial", (long?)options.AutoConvergeInitial);
        Add("cpu-throttle-increment", (long?)options.AutoConvergeIncrement);
        Add("xbzrle-cache-size", options.XbzrleCache is { } cache ? (long)cache.Bytes : null);
        Add("tls-creds", encrypted ? QemuTls.Id : "");
        Add("tls-hostname", encrypted ? options.TlsName ?? "" : null);
        return Known(source.Facts.Parameters, parameters);

        void Add(string name, object? value)
        {
            if (value is not null)
                parameters[name] = value;
        }
    }

    internal static Dictionary<string, object> DestinationParameters(QemuProcess destination, MigrationOptions options, bool encrypted)
    {
        var parameters = Parallel(options);
        parameters["tls-creds"] = encrypted ? QemuTls.Id : "";
        return Known(destination.Facts.Parameters, parameters);
    }

    private static Dictionary<string, bool> OfBoth(QemuProcess source, QemuProcess destination, MigrationOptions options)
    {
        var wanted = new Dictionary<string, bool>
        {
            ["return-path"] = !QemuUri.IsOneWay(options.MigrationUri),
            ["xbzrle"] = options.Compression is MigrationCompression.Xbzrle,
            ["multifd"] = options.Parallel is not null,
            ["postcopy-ram"] = options.MayPostCopy,
            ["validate-uuid"] = source.Uuid != Guid.Empty && source.Uuid == destination.Uuid,
            ["mapped-ram"] = false,
        };
        return wanted.Where(capability => source.Facts.Capabilities.ContainsKey(capability.Key) && destination.Facts.Capabilities.ContainsKey(capability.Key)).ToDictionary();
    }

    private static Dictionary<string, object> Parallel(MigrationOptions options)
    {
        var parameters = new Dictionary<string, object>();
        if (options.Parallel is not { } connections)
            return parameters;
        parameters["multifd-channels"] = (long)connections;
        parameters["multifd-compression"] = options.Compression switch { MigrationCompression.Zlib => "zlib", MigrationCompression.Zstd => "zstd", _ => "none" };
        if (options is { CompressionLevel: { } level, Compression: MigrationCompression.Zlib or MigrationCompression.Zstd })
            parameters[$"multifd-{parameters["multifd-compression"]}-level"] = (long)level;
        return parameters;
    }

    private static Dictionary<string, bool> Known(QemuFacts facts, Dictionary<string, bool> wanted) =>
        wanted.Where(capability => facts.Capabilities.ContainsKey(capability.Key)).ToDictionary();

    /// <summary>What cannot be set would fail all of them; a TLS object's name is told only once it is set.</summary>
    private static Dictionary<string, object> Known(IReadOnlyDictionary<string, object> known, Dictionary<string, object> wanted) =>
        wanted.Where(parameter => known.ContainsKey(parameter.Key)).ToDictionary();
}
