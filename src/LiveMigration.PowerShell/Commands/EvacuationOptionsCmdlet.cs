using System.Globalization;
using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Hosts;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Readiness;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Parameters → what a plan of many migrations may do, and what happens when something goes wrong.</summary>
public abstract class EvacuationOptionsCmdlet : HostCmdlet
{
    /// <summary>The bandwidth of each host's link that all migrations may use together.</summary>
    [Parameter]
    [BandwidthTransformation]
    public Bandwidth Bandwidth { get; set; } = new EvacuationOptions().Bandwidth;

    /// <summary>How many VMs may leave a host at a time.</summary>
    [Parameter]
    [Alias("ThrottleLimit")]
    [ValidateRange(1, int.MaxValue)]
    public int MaxOutgoing { get; set; } = new EvacuationOptions().MaxOutgoing;

    /// <summary>How many VMs may reach a host at a time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxIncoming { get; set; } = new EvacuationOptions().MaxIncoming;

    /// <summary>Memory that stays free on each destination, in percent.</summary>
    [Parameter]
    [ValidateRange(0, 99)]
    public int Headroom { get; set; } = new EvacuationOptions().Headroom;

    /// <summary>How long to measure the dirty rate of each VM first.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration? MeasureDirtyRate { get; set; }

    /// <summary>What the hosts do not report: links and limits, and which VMs belong together, apart, or stay.</summary>
    [Parameter]
    [SupportsWildcards]
    public FleetReference? Fleet { get; set; }

    /// <summary>What happens when a migration fails.</summary>
    [Parameter]
    public OnFailure OnFailure { get; set; }

    /// <summary>How often each VM is attempted.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Attempts { get; set; } = new EvacuationPolicy().Attempts;

    /// <summary>After this many VMs could not be moved, no further migration starts.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxFailures { get; set; }

    /// <summary>How many VMs have to arrive before the others start.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Canary { get; set; }

    /// <summary>When the hosts should be empty.</summary>
    [Parameter]
    public DateTime? Deadline { get; set; }

    /// <summary>What happens to VMs that would not complete in time.</summary>
    [Parameter]
    public OnDeadline OnDeadline { get; set; }

    /// <summary>Slow guests down that change memory faster than it can be sent.</summary>
    [Parameter]
    public SwitchParameter AutoConverge { get; set; }

    /// <summary>Switch guests that do not converge to post-copy.</summary>
    [Parameter]
    public SwitchParameter PostCopy { get; set; }

    /// <summary>The maximum downtime of a guest.</summary>
    [Parameter]
    [DurationTransformation]
    public Duration? MaxDowntime { get; set; }

    /// <summary>How memory is compressed.</summary>
    [Parameter]
    [ValidateSet(nameof(MigrationCompression.None), nameof(MigrationCompression.Xbzrle))]
    public MigrationCompression? Compression { get; set; }

    /// <summary>Whether disks are copied.</summary>
    [Parameter]
    public CopyStorage? CopyStorage { get; set; }

    /// <summary>Disks of which you know that all hosts access the same data.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AssumeShared { get; set; } = [];

    /// <summary>Disks whose internal snapshots you do not need.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AllowLosingSnapshots { get; set; } = [];

    /// <summary>How long a destination may prepare before data moves.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration PrepareTimeout { get; set; } = new EvacuationPolicy().PrepareTimeout;

    /// <summary>Migrate although libvirt considers the disks unsafe.</summary>
    [Parameter]
    public SwitchParameter AllowUnsafe { get; set; }

    /// <summary>Whether memory and disks are encrypted.</summary>
    [Parameter]
    public MigrationTls Tls { get; set; }

    /// <summary>Readiness checks to skip.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CheckCompleter))]
    public string[] SkipReadiness { get; set; } = [];

    /// <summary>A policy, with what was said on the command line in the place of what it says itself.</summary>
    private protected EvacuationPolicy Amend(EvacuationPolicy policy)
    {
        if (Deadline <= DateTime.Now)
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"The deadline {Deadline:yyyy-MM-dd HH:mm} has passed. For a time after midnight, specify the date as well, for example (Get-Date).AddHours(3)."));
        if (ReadinessSelection.StrangersIn(SkipReadiness) is [var stranger, ..])
            throw new LiveMigrationException(CmdletFaults.CheckNotFound, $"Check '{stranger}' was not found.");
        return policy with
        {
            OnFailure = Said(nameof(OnFailure)) ? OnFailure : policy.OnFailure,
            Attempts = Said(nameof(Attempts)) ? Attempts : policy.Attempts,
            MaxFailures = MaxFailures ?? policy.MaxFailures,
            Canary = Said(nameof(Canary)) ? Canary : policy.Canary,
            Deadline = Deadline is { } deadline ? new DateTimeOffset(deadline) : policy.Deadline,
            OnDeadline = Said(nameof(OnDeadline)) ? OnDeadline : policy.OnDeadline,
            AutoConverge = Said(nameof(AutoConverge)) ? AutoConverge : policy.AutoConverge,
            PostCopy = Said(nameof(PostCopy)) ? PostCopy : policy.PostCopy,
            MaxDowntime = MaxDowntime ?? policy.MaxDowntime,
            Compression = Compression ?? policy.Compression,
            CopyStorage = CopyStorage ?? policy.CopyStorage,
            AssumeShared = Said(nameof(AssumeShared)) ? AssumeShared : policy.AssumeShared,
            AllowLosingSnapshots = Said(nameof(AllowLosingSnapshots)) ? AllowLosingSnapshots : policy.AllowLosingSnapshots,
            PrepareTimeout = Said(nameof(PrepareTimeout)) ? PrepareTimeout : policy.PrepareTimeout,
            AllowUnsafe = Said(nameof(AllowUnsafe)) ? AllowUnsafe : policy.AllowUnsafe,
            Tls = Said(nameof(Tls)) ? Tls : policy.Tls,
            SkipReadiness = Said(nameof(SkipReadiness)) ? SkipReadiness : policy.SkipReadiness,
        };
    }

    /// <summary>The same for limits.</summary>
    private protected virtual EvacuationOptions Amend(EvacuationOptions options) => options with
    {
        Bandwidth = Said(nameof(Bandwidth)) ? Bandwidth : options.Bandwidth,
        MaxOutgoing = Said(nameof(MaxOutgoing)) ? MaxOutgoing : options.MaxOutgoing,
        MaxIncoming = Said(nameof(MaxIncoming)) ? MaxIncoming : options.MaxIncoming,
        Headroom = Said(nameof(Headroom)) ? Headroom : options.Headroom,
    };

    /// <summary>A plan, with what was said on the command line in the place of what it says itself.</summary>
    private protected EvacuationPlan Amend(EvacuationPlan plan)
    {
        plan = plan with { Options = Amend(plan.Options), Policy = Amend(plan.Policy) };
        return Fleet is null ? plan : plan with
        {
            Description = Fleet.Resolve(this.ToFile),
            Moves = plan.Moves.Select(move => move with { Domain = move.Domain with { Storage = [], AffinityGroup = null, AntiAffinityGroup = null } }).ToArray(),
        };
    }

    private protected bool Said(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
