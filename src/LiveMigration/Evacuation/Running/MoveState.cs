using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Running;

/// <summary>A domain on its way: where it goes, what was tried, how far it is.</summary>
internal sealed class MoveState(PlannedMove planned)
{
    /// <summary>So many times its size a migration sends until it counts as one that does not get done.</summary>
    private const int Enough = 12;

    /// <summary>The same for one of which the plan knew.</summary>
    private const int EnoughOfEndless = 3;

    /// <summary>QEMU takes some time to send as fast as it may.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>From which part of its limit on the limit is what holds it.</summary>
    private const double Full = 0.7;

    /// <summary>Who has not sent anything by then may be waiting for a host that does not answer.</summary>
    private static readonly TimeSpan Beginning = TimeSpan.FromSeconds(5);

    /// <summary>Who is near its end is looked at more often than that.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // References, for they are read and written from two sides: half of one value and half of another is none.
    private volatile Part _part = new(null, 0);
    private volatile Patience _pause = new(null);
    private EvacuatedState _state;
    private long _since;

    /// <summary>What the plan says of it, as planned last.</summary>
    internal PlannedMove Planned { get; set; } = planned;

    internal Guid Uuid => Planned.Domain.Uuid;

    internal string Name => Planned.Domain.Name;

    /// <summary>Where it is to go now.</summary>
    internal string Destination { get; set; } = planned.Destination;

    /// <summary>Where its migrations went.</summary>
    internal List<string> Tried { get; init; } = [];

    /// <summary>Where it can only fail again.</summary>
    internal HashSet<string> Hopeless { get; } = [];

    internal EvacuatedState State
    {
        get => _state;
        set => (_state, _since) = (value, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Whether the next migration pauses the guest.</summary>
    internal bool Pauses { get; set; }

    /// <summary>Whether it starts with its host.</summary>
    internal bool Autostart { get; init; }

    /// <summary>Whether a process before us left it on its way, or so it seems: where it is has to be found out first.</summary>
    internal bool IsInterrupted { get; set; }

    /// <summary>Whether the process before us may have left its guest paused.</summary>
    internal bool MayBePaused { get; init; }

    internal MigrationRun? Run { get; set; }

    /// <summary>What came of its last try.</summary>
    internal MoveResult? Result { get; set; }

    /// <summary>What it was given of the link last.</summary>
    internal Bandwidth? Share
    {
        get => _part.Share;
        set => _part = new(value, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Whether that cannot be changed until its end.</summary>
    internal bool IsShareFixed { get; set; }

    /// <summary>How long its guest may stand still where the short time that it began with does not do; null when it may already.</summary>
    internal Duration? LongestPause
    {
        get => _pause.Longest;
        set => _pause = new(value);
    }

    /// <summary>The order to its host that is under way, if any.</summary>
    internal Task Order { get; set; } = Task.CompletedTask;

    /// <summary>Why it was told to end, if it was.</summary>
    internal LiveMigrationException? Ending { get; set; }

    internal bool IsOver => State is not (EvacuatedState.Waiting or EvacuatedState.Migrating);

    internal double BytesLeft => State switch
    {
        EvacuatedState.Waiting => TransferSize.Of(Planned.Domain),
        EvacuatedState.Migrating => Run?.Progress.Remaining ?? TransferSize.Of(Planned.Domain),
        _ => 0,
    };

    /// <summary>Whether it has been sent again and again, and does not get done.</summary>
    internal bool IsEndless => Run?.Progress is { Phase: MigrationPhase.Copying, Transferred: { } sent }
        && sent > (Planned.Converges ? Enough : EnoughOfEndless) * TransferSize.Of(Planned.Domain);

    /// <summary>How the division of bandwidth sees it; null when it does not send, or has sent its last page: libvirt then takes a while to end it.</summary>
    internal BandwidthDemand? Demand => State is EvacuatedState.Migrating && Run?.Progress is { } progress && Sends(progress)
        ? new BandwidthDemand(Planned.Domain, Destination, BytesLeft, Planned.Alone, !Planned.Converges, Rate(progress), IsShareFixed ? Share?.BytesPerSecond : null)
        : null;

    /// <summary>The same before it sends.</summary>
    internal BandwidthDemand ToBe(double? even) => new(Planned.Domain, Destination, BytesLeft, Planned.Alone, !Planned.Converges, null, even ?? (IsShareFixed ? Share?.BytesPerSecond : null));

    /// <summary>What those have to reckon with that would begin beside it: it sends, or is about to. Of one that is looked for nobody knows.</summary>
    internal BandwidthDemand? Claim => State is EvacuatedState.Waiting ? ToBe(null)
        : Run?.Progress is not (null or { Phase: MigrationPhase.Starting }) ? Demand is { } demand ? demand with { BytesLeft = Math.Max(0, demand.BytesLeft - SentSince) } : null
        : IsInterrupted || TimeProvider.System.GetElapsedTime(_since) > Beginning ? null
        : ToBe(null);

    /// <summary>Whether it needs the link. After its last page libvirt takes a while to end it, in which another one can send.</summary>
    internal static bool Sends(MigrationProgress progress) => progress.Phase switch
    {
        MigrationPhase.Starting or MigrationPhase.Copying or MigrationPhase.PostCopy => true,
        MigrationPhase.Switching => progress.Remaining > 0,
        _ => false,
    };

    /// <summary>What it must have sent since it was looked at last, for so long as its host answers.</summary>
    private double SentSince => Run is { Progress: { Rate: { } rate } progress } run
        ? rate * Math.Min((run.Elapsed - progress.Elapsed).TotalSeconds, Fresh.TotalSeconds)
        : 0;

    /// <summary>What it sends where its limit is not what holds it; null where it is, or nothing is known.</summary>
    private double? Rate(MigrationProgress progress) =>
        progress.Phase is not MigrationPhase.Starting && progress.Rate is { } rate && _part is { Share: { } share, Since: var since }
        && TimeProvider.System.GetElapsedTime(since) > Settled && rate < Full * share.BytesPerSecond
            ? rate
            : null;

    private sealed record Part(Bandwidth? Share, long Since);

    private sealed record Patience(Duration? Longest);
}
