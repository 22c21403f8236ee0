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

/// <summary>Parameters → what an evacuation may do, and what happens when something goes wrong.</summary>
public abstract class EvacuationOptionsCmdlet : HostCmdlet
{
    private readonly List<(HostReference Host, HostReference[] Destinations)> _rows = [];

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

    /// <summary>Move VMs between destination hosts where that makes room.</summary>
    [Parameter]
    public SwitchParameter MakeRoom { get; set; }

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

    /// <summary>That these are hosts to be emptied: not a VM that came through the pipeline, nor the file of a plan.</summary>
    private void CheckSources(IEnumerable<HostReference> hosts)
    {
        foreach (var host in hosts)
        {
            if (host.OfDomain is { } domain)
                throw new LiveMigrationException(CmdletFaults.InvalidHost, $"'{domain}' is a VM, but {MyInvocation.MyCommand.Name} empties whole hosts. Move VMs with Start-VMLiveMigration, or name its host: -HostName {host}.", host.Text);
            if (host is { Host: null, IsUri: false, HasWildcard: false } && !host.Text.Contains(':') && HostSessions.Find(host.Text) is null && File.Exists(GetUnresolvedProviderPathFromPSPath(host.Text)))
                throw new LiveMigrationException(CmdletFaults.InvalidHost, $"'{host}' is a file, and no connected host has that name. To carry out a plan: Start-HostEvacuation -Plan {host}.", host.Text);
        }
    }

    /// <summary>Takes what the command line and a record of the pipeline say together.</summary>
    /// <param name="hosts">The hosts to be emptied.</param>
    /// <param name="destinations">Where their VMs may go.</param>
    /// <exception cref="LiveMigrationException">What empties hosts cannot take it for what is meant.</exception>
    private protected void Take(HostReference[] hosts, HostReference[] destinations)
    {
        CheckSources(hosts);
        // A row brings its host; a name that is typed beside it would be emptied in its place.
        if (MyInvocation.ExpectingInput && IsTyped("HostName"))
            throw new LiveMigrationException(Faults.ContradictingOptions, $"Hosts were both named ({string.Join(", ", hosts.AsEnumerable())}) and piped in: do one or the other. Name the hosts that their VMs move to with -Destination.");
        // An empty cell is not "any host".
        if (Said("Destination") && Given(destinations, "Destination").Count == 0)
            throw new LiveMigrationException(CmdletFaults.MissingArgument, $"The Destination of {string.Join(", ", hosts.AsEnumerable())} is empty.");
        _rows.AddRange(hosts.Select(host => (host, destinations)));
    }

    /// <summary>The hosts to be emptied and those that can receive VMs, which are the other connected ones by default; null where one of them is not available.</summary>
    private protected async Task<(IReadOnlyList<LibvirtHost> Sources, IReadOnlyList<LibvirtHost> Named)?> ResolveRowsAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var destinations = OneDestination();
        var sources = await ResolveAsync([.. _rows.Select(row => row.Host)], output, cancellationToken);
        var named = destinations.Length > 0 ? await ResolveAsync(destinations, output, cancellationToken) : await Connected.TakeAsync(output.WriteWarning, cancellationToken);
        return sources.Count == 0 || named.Count == 0 ? null : (sources, named);
    }

    /// <summary>One plan has one list of destinations: rows of a file that name others, each for its own host, are not mixed.</summary>
    private HostReference[] OneDestination()
    {
        var hosts = _rows.GroupBy(row => row.Host.Text, row => row.Destinations, StringComparer.OrdinalIgnoreCase)
            .Select(host => (Name: host.Key, Destinations: host.SelectMany(destinations => destinations).DistinctBy(one => one.Text, StringComparer.OrdinalIgnoreCase).ToArray()))
            .ToArray();
        var first = hosts[0].Destinations;
        if (hosts.FirstOrDefault(host => !host.Destinations.Select(one => one.Text).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(first.Select(one => one.Text))) is { Name: not null } other)
        {
            throw new LiveMigrationException(Faults.ContradictingOptions,
                $"The rows name different destinations: {Words(hosts[0].Name, first)}, and {Words(other.Name, other.Destinations)}. One plan has the same destinations for all its hosts: specify them with -Destination, or start a plan for each row.");
        }

        return first;

        static string Words(string host, HostReference[] destinations) =>
            destinations.Length == 0 ? $"none for {host}" : $"{string.Join(", ", destinations.AsEnumerable())} for {host}";
    }

    /// <summary>A policy, with what was said on the command line in the place of what it says itself.</summary>
    private EvacuationPolicy Amend(EvacuationPolicy policy)
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
    private EvacuationOptions Amend(EvacuationOptions options) => options with
    {
        Bandwidth = Said(nameof(Bandwidth)) ? Bandwidth : options.Bandwidth,
        MaxOutgoing = Said(nameof(MaxOutgoing)) ? MaxOutgoing : options.MaxOutgoing,
        MaxIncoming = Said(nameof(MaxIncoming)) ? MaxIncoming : options.MaxIncoming,
        Headroom = Said(nameof(Headroom)) ? Headroom : options.Headroom,
        MakeRoom = Said(nameof(MakeRoom)) ? MakeRoom : options.MakeRoom,
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

    private protected async Task<EvacuationPlan> PlanAsync(IReadOnlyList<LibvirtHost> sources, IReadOnlyList<LibvirtHost> named, PipelineOutput output, CancellationToken cancellationToken)
    {
        var description = Fleet?.Resolve(this.ToFile) ?? FleetDescription.None;
        // A wildcard for all hosts means all others.
        LibvirtHost[] destinations = [.. named.Except(sources)];
        var policy = Amend(new EvacuationPolicy());
        var fleet = await FleetSurvey.ReadAsync(sources, destinations, policy, MeasureDirtyRate, MakeRoom, cancellationToken);
        foreach (var name in description.StrangersTo(fleet))
            output.WriteVerbose($"The fleet description of '{name}' matches none of these hosts and their VMs.");
        var options = Amend(new EvacuationOptions()) with { Destinations = destinations.Select(host => host.Name).ToArray() };
        return EvacuationPlanner.Plan(description.Complete(fleet), [.. sources.Select(source => source.Name)], options) with { Policy = policy };
    }

    private bool Said(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
