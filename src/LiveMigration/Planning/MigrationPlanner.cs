using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Security;
using LiveMigration.Storage;

namespace LiveMigration.Planning;

/// <summary>Facts and options → plan. Pure: the same facts give the same plan.</summary>
internal static class MigrationPlanner
{
    internal static MigrationPlan Plan(LibvirtHost destination, PlanFacts facts, MigrationOptions options)
    {
        OptionRules.Check(options);
        PlanRules.Check(facts, options);
        var disks = DiskPlanner.Plan(facts.Disks, options.Storage, facts.Source.Name, destination.Name);
        var places = options with { DiskMap = DiskParameters.Places(disks, options.DiskMap) };
        var peer = options.DestinationUri ?? destination.Uri.ForPeer()?.Text;
        var notices = new List<string>();
        var mode = options.Mode;
        if (mode is MigrationMode.Auto)
        {
            mode = peer is null ? MigrationMode.Direct : MigrationMode.PeerToPeer;
            if (peer is null)
                notices.Add($"{destination.Name} is connected through a local socket, which {facts.Source.Name} cannot reach: this client controls the migration and must keep running until it ends.");
        }
        else if (mode is MigrationMode.PeerToPeer && peer is null)
        {
            throw new Errors.LiveMigrationException(Errors.Faults.NoPeerUri,
                $"{destination.Name} is connected through a local socket ({destination.Uri}), which {facts.Source.Name} cannot reach.", destination.Name);
        }

        if (options.KeepSource && !facts.Domain.Persistent)
            notices.Add($"'{facts.Domain.Name}' is transient: there is no definition to keep on {facts.Source.Name}.");
        if (facts.Domain.State is DomainState.Crashed)
            notices.Add($"'{facts.Domain.Name}' is {facts.Domain.Status}, preserved for inspection: libvirt resumes it on the destination.");
        if (facts.Emulator is { } emulator)
            notices.Add($"{destination.Name} keeps its QEMU elsewhere: '{facts.Domain.Name}' runs in {emulator} there.");
        notices.AddRange(disks.Where(disk => disk.Loses is not null).Select(disk =>
            $"{disk.Target}: the copy will not have {disk.Loses} of {disk.Source}. " + (disk, options.Storage.MayLoseSnapshots(disk.Target)) switch
            {
                ({ SourceDisk: SourceDisk.Remove }, _) => "They are lost when that image is removed.",
                ({ SourceDisk: SourceDisk.Rename }, _) => "They are lost when that image is renamed: libvirt copies it under the other name.",
                (_, true) => $"That image stays on {facts.Source.Name}; they are lost when the VM comes back and replaces it.",
                _ => $"That image stays on {facts.Source.Name}, and nothing replaces it.",
            }));
        return new MigrationPlan
        {
            Domain = facts.Domain,
            Destination = destination,
            DestinationUuid = facts.Destination.Uuid,
            Options = options,
            Mode = mode,
            MayFallBack = options.Mode is MigrationMode.Auto && mode is MigrationMode.PeerToPeer,
            PeerUri = mode is MigrationMode.PeerToPeer ? peer : null,
            Disks = disks,
            DiskFacts = facts.Disks,
            Notices = notices,
            HugePages = facts.HugePages,
            Flags = Flags(facts.Domain, options) | DiskParameters.Flags(disks, options.Storage) | DiskParameters.Proof(facts.Disks, disks, facts.Source.HypervisorVersion),
            Parameters = Parameters(facts, places, disks),
        };
    }

    /// <summary>The same without TLS.</summary>
    internal static MigrationPlan Unencrypted(MigrationPlan plan) => plan with
    {
        Flags = plan.Flags & ~MigrateFlags.Tls,
        Parameters = plan.Parameters.Where(parameter => parameter.Key != "tls.destination").ToDictionary(),
    };

    /// <summary>The same to an address, whatever the destination calls itself. Its certificate is for its name.</summary>
    internal static MigrationPlan SentTo(MigrationPlan plan, string address, string name)
    {
        var parameters = new Dictionary<string, object>(plan.Parameters) { ["migrate_uri"] = $"tcp://{address}" };
        if (plan.Encrypted)
            parameters.TryAdd("tls.destination", name);
        return plan with { Options = plan.Options with { MigrationUri = $"tcp://{address}" }, Parameters = parameters };
    }

    /// <summary>The plan that joins the halves of this one's broken post-copy.</summary>
    internal static MigrationPlan ForResume(MigrationPlan plan) => plan with
    {
        Flags = (plan.Flags | MigrateFlags.PostCopy | MigrateFlags.PostCopyResume) & ~MigrateFlags.AbortOnError,
        Options = plan.Options with { MaxDowntime = null, CpuAffinity = null },
    };

    /// <summary>The same where only the domain is known.</summary>
    internal static MigrationPlan ForResume(LibvirtDomain domain, LibvirtHost destination, MigrationOptions options)
    {
        var peer = options.DestinationUri ?? destination.Uri.ForPeer()?.Text;
        return ForResume(new MigrationPlan
        {
            Domain = domain,
            Destination = destination,
            Options = options with { PostCopy = true },
            Mode = peer is null || options.Mode is MigrationMode.Direct ? MigrationMode.Direct : MigrationMode.PeerToPeer,
            MayFallBack = peer is not null && options.Mode is MigrationMode.Auto,
            PeerUri = peer,
            Notices = [],
            Flags = Flags(domain, options with { PostCopy = true }),
        });
    }

    private static MigrateFlags Flags(LibvirtDomain domain, MigrationOptions options)
    {
        return (options.Offline ? MigrateFlags.Offline : MigrateFlags.Live)
            | If(domain.Persistent, MigrateFlags.PersistDestination)
            | If(domain.Persistent && !options.KeepSource, MigrateFlags.UndefineSource)
            | If(options.AutoConverge, MigrateFlags.AutoConverge)
            | If(options.Parallel is not null, MigrateFlags.Parallel)
            | If(options.Compression is not MigrationCompression.None, MigrateFlags.Compressed)
            | If(options.AllowUnsafe, MigrateFlags.Unsafe)
            | If(options.MayPostCopy, MigrateFlags.PostCopy)
            | If(options.ZeroCopy, MigrateFlags.ZeroCopy)
            // What is encrypted is copied: zero-copy is asked for by name, and Preferred is not.
            | If(options is { Offline: false, Tls: MigrationTls.Required } or { Offline: false, Tls: MigrationTls.Preferred, ZeroCopy: false }, MigrateFlags.Tls)
            // With a guest that lives on both sides there is nothing to abort to.
            | If(!options.MayPostCopy && !options.Offline, MigrateFlags.AbortOnError);
    }

    private static MigrateFlags If(bool condition, MigrateFlags flag) => condition ? flag : MigrateFlags.None;

    /// <summary>Names of <c>VIR_MIGRATE_PARAM_*</c>.</summary>
    private static Dictionary<string, object> Parameters(PlanFacts facts, MigrationOptions options, IReadOnlyList<DiskMove> disks)
    {
        var parameters = new Dictionary<string, object>();
        Add("destination_name", options.NewName);
        Add("migrate_uri", options.MigrationUri);
        Add("listen_address", options.ListenAddress);
        Add("bandwidth", options.Bandwidth is { IsUnlimited: false } bandwidth ? DiskParameters.Share(bandwidth, disks).MebibytesPerSecond : null);
        Add("migrate_disks", DiskParameters.Copied(disks));
        Add("migrate_disks_detect_zeroes", KnowsZeroes(facts) ? DiskParameters.Thin(facts.Disks, disks) : null);
        Add("disks_port", DiskParameters.Copied(disks) is null ? null : options.DisksPort);
        Add("tls.destination", options.TlsName ?? NameForDisks(facts, options, disks));
        Add("parallel.connections", options.Parallel);
        Add("bandwidth.postcopy", options.PostCopyBandwidth is { IsUnlimited: false } after ? after.MebibytesPerSecond : null);
        Add("auto_converge.initial", options.AutoConvergeInitial);
        Add("auto_converge.increment", options.AutoConvergeIncrement);
        Add("compression.xbzrle.cache", options.XbzrleCache is { } cache ? (ulong)cache.Bytes : null);
        Add($"compression.{options.Compression.ToString().ToLowerInvariant()}.level", options.CompressionLevel);
        Add("compression.mt.threads", options.CompressionThreads);
        Add("compression", options.Compression is MigrationCompression.None ? null : options.Compression.ToString().ToLowerInvariant());
        var definitions = options.DestinationXml is { } given
            ? new DomainDefinitions(given, facts.Domain.Persistent ? given : null)
            : DomainXmlRewrite.Apply(facts.Definitions, options, DiskParameters.Parts(disks), facts.Emulator);
        Add("destination_xml", definitions?.Running);
        Add("persistent_xml", definitions?.Stored);
        return parameters;

        void Add(string name, object? value)
        {
            if (value is not null)
                parameters.Add(name, value);
        }
    }

    private static readonly Version DetectsZeroes = new(10, 9, 0);

    /// <summary>A parameter that one of the daemons does not know ends the migration.</summary>
    private static bool KnowsZeroes(PlanFacts facts) => facts.Source.LibvirtVersion >= DetectsZeroes && facts.Destination.LibvirtVersion >= DetectsZeroes;

    /// <summary>
    /// With several connections libvirt 9.0 gives QEMU no name to hold the certificate against for the disks' stream: they go where
    /// memory goes, to the address that was given or to what the destination calls itself.
    /// </summary>
    private static string? NameForDisks(PlanFacts facts, MigrationOptions options, IReadOnlyList<DiskMove> disks) =>
        options is { Parallel: not null, ZeroCopy: false, Tls: not MigrationTls.Off } && DiskParameters.Copied(disks) is not null
            ? Uri.TryCreate(options.MigrationUri, UriKind.Absolute, out var address) && address.Host.Length > 0 ? address.Host : facts.Destination.MachineName
            : null;
}
