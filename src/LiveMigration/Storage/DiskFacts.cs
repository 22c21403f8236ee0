using System.Net;
using LiveMigration.Domains;
using LiveMigration.Storage.Images;

namespace LiveMigration.Storage;

/// <summary>What both hosts say of one disk.</summary>
internal sealed record DiskFacts
{
    /// <summary>The disk on the source.</summary>
    internal required DomainDisk Disk { get; init; }

    /// <summary>The pool and volume by which the definition names it; null where it names a path or an image.</summary>
    internal DiskSource? Named { get; init; }

    /// <summary>Where the destination's definition says that its data is; null where it says nothing that the source's does not.</summary>
    internal DiskSource? There { get; init; }

    /// <summary>Names and addresses of the source host itself.</summary>
    internal IReadOnlySet<string> SourceNames { get; init; } = new HashSet<string>();

    /// <summary>What this client understands by the names of servers.</summary>
    internal ILookup<string, IPAddress> ServersOfClient { get; init; } = Array.Empty<IPAddress>().ToLookup(_ => "");

    /// <summary>What the source understands by the names of servers; null where it cannot be asked.</summary>
    internal HostServers? ServersHere { get; init; }

    /// <summary>What the destination understands by them; null where it cannot be asked.</summary>
    internal HostServers? ServersThere { get; init; }

    /// <summary>The files, devices and images below it, topmost first, each as a disk of its own.</summary>
    internal IReadOnlyList<DiskFacts> Below { get; init; } = [];

    /// <summary>The source's pool that holds it.</summary>
    internal PoolFacts? SourcePool { get; init; }

    /// <summary>The image on the source and what lies below it, top first; empty when no started pool holds it.</summary>
    internal IReadOnlyList<Volume> SourceChain { get; init; } = [];

    /// <summary>What the image on the source says of itself; null where it is no qcow2, or could not be read.</summary>
    internal Qcow2Header? Header { get; init; }

    /// <summary>Where it is to be on the destination.</summary>
    internal string? DestinationPath { get; init; }

    /// <summary>Whether the user named that place.</summary>
    internal bool IsMapped { get; init; }

    /// <summary>The destination's pool that holds that path.</summary>
    internal PoolFacts? DestinationPool { get; init; }

    /// <summary>What is there now.</summary>
    internal Volume? DestinationVolume { get; init; }

    /// <summary>Whether a client of ours made that and died before the migration had ended.</summary>
    internal bool IsLeftover { get; init; }

    /// <summary>Whether this domain left that behind when it moved away with a copy, and nobody has touched it since.</summary>
    internal bool IsLeftByIt { get; init; }

    /// <summary>Whether the copy takes the place of what the domain itself left there.</summary>
    internal bool Replaces => IsLeftByIt && UsedBy.Count == 0 && HostUse is null && !GoesToDevice;

    /// <summary>Other domains of the destination that use it.</summary>
    internal IReadOnlyList<string> UsedBy { get; init; } = [];

    /// <summary>What the destination itself does with it, for example <c>mounted on /srv</c>; null where nothing is known of.</summary>
    internal string? HostUse { get; init; }

    /// <summary>Whether a marker written beside the image was seen in the destination's pool; null when that was not tried or not possible.</summary>
    internal bool? MarkerSeen { get; init; }

    /// <summary>Whether both pools say that they have one origin, and a marker says that they have not: one of the two is wrong.</summary>
    internal bool IsContradicted => MarkerSeen is false && DestinationPath == Disk.Source && SourcePool?.Origin is { } origin && origin == DestinationPool?.Origin;

    /// <summary>Whether what is on the destination changes with the image on the source.</summary>
    internal bool ChangesTogether { get; init; }

    /// <summary>Whether all that lies below the image is the same on the destination; null when nothing lies below.</summary>
    internal BaseMatch? Base { get; init; }

    /// <summary>Whether the destination has the same content there, of an image that the guest cannot write; null where that was not compared.</summary>
    internal BaseMatch? Content { get; init; }

    /// <summary>Whether it is to go to a block device: a whole one, or a volume of a pool that has no files.</summary>
    internal bool GoesToDevice => DestinationPool is { HoldsFiles: false } || DestinationPath?.StartsWith("/dev/", StringComparison.Ordinal) is true;

    internal Volume? SourceVolume => SourceChain.Count > 0 ? SourceChain[0] : null;

    /// <summary>Whether both paths lead to one file or device.</summary>
    internal bool IsSameFile => ChangesTogether || DeviceEvidence.IsSame(SourceVolume, DestinationVolume) is true || (MarkerSeen is true && FileName(Disk.Source) == FileName(DestinationPath));

    /// <summary>Whether a server is the source host itself.</summary>
    internal bool IsSource(DiskServer server) => server.Name is { } name && SourceNames.Contains(DiskServer.Bare(name));

    private static string? FileName(string? path) => path?[(path.LastIndexOf('/') + 1)..];
}

/// <summary>How the images below another compare with those of the destination.</summary>
/// <param name="IsSame">Whether they may be relied on.</param>
/// <param name="IsThere">Whether they are there at all.</param>
/// <param name="Finding">What was found.</param>
internal sealed record BaseMatch(bool IsSame, bool IsThere, string Finding);
