using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.History;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>domains + destinations → what their migrations will be like.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationForecast", DefaultParameterSetName = "Pipeline", HelpUri = OnlineHelp.Pages + "Get-MigrationForecast.md")]
[OutputType(typeof(MigrationForecast))]
public sealed class GetMigrationForecastCommand : DomainInputCmdlet
{
    private readonly List<MigrationTarget> _targets = [];
    private readonly List<QemuProcess> _processes = [];
    private readonly Lazy<IReadOnlyList<MigrationRecord>> _history = new(() => new MigrationHistory(UserState.Store).Read(DateTimeOffset.Now.AddDays(-90)));

    /// <summary>The QEMU without libvirt that a VM would leave.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Qemu")]
    public QemuProcess[] QemuProcess { get; set; } = [];

    /// <summary>The destination hosts, or the QEMUs that wait for the VM.</summary>
    [Parameter(Position = 1, ParameterSetName = "Qemu")]
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Name")]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = "Pipeline")]
    [Alias("DestinationHost")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] Destination { get; set; } = [];

    /// <summary>A dirty curve instead of a VM.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Curve")]
    public CurveReference[] Curve { get; set; } = [];

    /// <summary>The memory to forecast for.</summary>
    [Parameter]
    [SizeTransformation]
    public ByteSize? Memory { get; set; }

    /// <summary>The bandwidths to compare.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [BandwidthTransformation]
    public Bandwidth[] Bandwidth { get; set; } = [];

    /// <summary>The downtime limits to compare.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [DurationTransformation]
    public Duration[] MaxDowntime { get; set; } = [];

    /// <summary>The ways to bring the migration to its end.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public MigrationStrategy[] Strategy { get; set; } = Enum.GetValues<MigrationStrategy>();

    /// <summary>By when the migration has to end, or is switched.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime]
    public Duration? Timeout { get; set; }

    /// <summary>The periods over which the VMs are measured.</summary>
    [Parameter(ParameterSetName = "Name")]
    [Parameter(ParameterSetName = "Pipeline")]
    [Parameter(ParameterSetName = "Qemu")]
    [ValidateNotNullOrEmpty]
    [SecondsTransformation]
    [ShortestTime]
    public Duration[] Period { get; set; } = [];

    /// <summary>Ask the VM's QEMU itself.</summary>
    [Parameter(ParameterSetName = "Name")]
    [Parameter(ParameterSetName = "Pipeline")]
    public SwitchParameter AllowMonitor { get; set; }

    private protected override Task BeginAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Bandwidth.Any(bandwidth => bandwidth is { IsUnlimited: true } or { BytesPerSecond: 0 }))
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, "-Bandwidth must be a rate, not 0 or unlimited: a forecast needs to know how fast memory is sent.");
        if (MaxDowntime.Any(limit => limit.Milliseconds is < 1 or > 2_000_000))
            throw new LiveMigrationException(Faults.OutOfRange, "-MaxDowntime must be 1 ms to 2000 s.");
        if (ParameterSetName == "Curve" && IsTyped(nameof(HostName)))
            throw new LiveMigrationException(Faults.ContradictingOptions, "-Curve queries no host: omit -HostName.");
        if (ParameterSetName == "Qemu" && IsTyped(nameof(HostName)))
            throw new LiveMigrationException(Faults.ContradictingOptions, "-HostName is for VMs of libvirt.");
        if (Memory is { Bytes: 0 })
            throw new LiveMigrationException(CmdletFaults.InvalidArgument, "-Memory must be more than 0.");
        return Task.CompletedTask;
    }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (ParameterSetName == "Qemu")
            _processes.AddRange(QemuProcess);
        else if (ParameterSetName != "Curve")
            _targets.AddRange(MigrationTarget.Of(On(Named(Name, InputObject), HostName), On(InputObject, HostName), Destination, IsTyped(nameof(Destination)), several: true));
        return Task.CompletedTask;
    }

    /// <summary>All VMs at once: each is measured by its own QEMU, and once for all destinations.</summary>
    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (ParameterSetName == "Curve")
        {
            await WriteCurveAsync(output);
            return;
        }

        if (ParameterSetName == "Qemu")
        {
            await ForecastQemuAsync(output, cancellationToken);
            return;
        }

        var pairs = await MigrationTarget.FindAsync(_targets, Hosts, Connected, output, cancellationToken);
        await Task.WhenAll(pairs.GroupBy(pair => pair.Domain).Select(async group =>
        {
            try
            {
                await ForecastAsync(group.Key, [.. group.Select(pair => pair.Destination)], output, cancellationToken);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(group.Key));
            }
        }));
        WriteNotices(output);
    }

    private async Task ForecastAsync(LibvirtDomain domain, IReadOnlyList<LibvirtHost> destinations, PipelineOutput output, CancellationToken cancellationToken)
    {
        var cases = new List<(LibvirtHost Destination, string? Source, ForecastTerms Terms)>();
        foreach (var destination in destinations)
        {
            try
            {
                var link = LinkExperience.Between(_history.Value, domain.HostName, destination.Name, DateTimeOffset.Now)
                    ?? await MigrationLink.FindAsync(domain.Host, destination, cancellationToken);
                if (link is null && Bandwidth.Length == 0)
                    throw new LiveMigrationException(Faults.BandwidthUnknown, $"No migration between them has shown how fast the link is, {domain.HostName} and {destination.Name} do not both report the speed of a link, and -Bandwidth was not specified.", domain.HostName);
                var terms = Learn(domain.Uuid, await domain.GetForecastTermsAsync(
                    destination, link ?? new MigrationLink(Bandwidth.Min(), MigrationLink.Specified), new MigrationOptions { Timeout = Timeout }, cancellationToken));
                cases.Add((destination, link?.Source, terms with { Link = link?.Bandwidth, MemoryInUse = Memory is null ? terms.MemoryInUse : null }));
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(domain));
            }
        }

        // A VM that cannot be migrated is not measured.
        if (cases.Count == 0)
            return;
        if (AllowMonitor)
            MonitorTaint.Tell(domain, output);
        var slowest = Bandwidth.Length > 0 ? Bandwidth.Min() : cases.Min(one => one.Terms.Bandwidth);
        TimeSpan? firstPass = (Memory?.Bytes ?? domain.MaxMemory) is { } memory ? TimeSpan.FromSeconds(memory / (double)slowest.BytesPerSecond) : null;
        output.WriteVerbose($"'{domain}' on {domain.HostName}: measuring how fast it changes its memory.");
        var curve = (await domain.MeasureDirtyCurveAsync([.. Period.Select(period => period.Value)], firstPass, AllowMonitor, cancellationToken)).ToDirtyCurve(Memory?.Bytes ?? domain.MaxMemory);
        foreach (var (destination, source, terms) in cases)
        {
            foreach (var forecast in Forecasts(curve, terms, source))
                await output.WriteObjectAsync(forecast with { Name = domain.Name, HostName = domain.HostName, Destination = destination.Name });
        }
    }

    private async Task ForecastQemuAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        if (Destination.Length == 0)
            throw new LiveMigrationException(CmdletFaults.NoDestination, $"No destination was specified for '{string.Join(", ", _processes)}': -Destination is the QEMU that waits for it.");
        QemuProcess[] destinations = [.. Destination.Select(reference => reference.Process ?? new QemuReference(reference.Text).ResolveOne())];
        await Task.WhenAll(_processes.Distinct().Select(async source =>
        {
            try
            {
                await ForecastAsync(source, destinations, output, cancellationToken);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(source));
            }
        }));
    }

    private async Task ForecastAsync(QemuProcess source, IReadOnlyList<QemuProcess> destinations, PipelineOutput output, CancellationToken cancellationToken)
    {
        var cases = new List<(QemuProcess Destination, string? Source, ForecastTerms Terms)>();
        foreach (var destination in destinations)
        {
            var link = source.LinkTo(destination, _history.Value, DateTimeOffset.Now);
            if (link is null && Bandwidth.Length == 0)
                throw new LiveMigrationException(Faults.BandwidthUnknown, $"No migration between {source.Address} and {destination.Address} has shown how fast the link is, QEMU does not know it, and -Bandwidth was not specified.", source.HostName);
            var terms = Learn(source.Uuid, await source.GetForecastTermsAsync(
                destination, link ?? new MigrationLink(Bandwidth.Min(), MigrationLink.Specified), new MigrationOptions { Timeout = Timeout, Storage = new StorageOptions { Copy = CopyStorage.Full } }, cancellationToken));
            cases.Add((destination, link?.Source, terms with { Link = link?.Bandwidth, MemoryInUse = Memory is null ? terms.MemoryInUse : null }));
        }

        var slowest = Bandwidth.Length > 0 ? Bandwidth.Min() : cases.Min(one => one.Terms.Bandwidth);
        var memory = Memory?.Bytes ?? source.MaxMemory;
        output.WriteVerbose($"'{source}' at {source.Address}: measuring how fast it changes its memory.");
        var curve = (await source.MeasureDirtyCurveAsync(
            [.. Period.Select(period => period.Value)], memory is { } all ? TimeSpan.FromSeconds(all / (double)slowest.BytesPerSecond) : null, cancellationToken)).ToDirtyCurve(memory);
        foreach (var (destination, from, terms) in cases)
        {
            foreach (var forecast in Forecasts(curve, terms, from))
                await output.WriteObjectAsync(forecast with { Name = source.Name, HostName = source.HostName, Destination = destination.HostName });
        }
    }

    private ForecastTerms Learn(Guid uuid, ForecastTerms terms) => GuestExperience.Of(_history.Value, uuid, DateTimeOffset.Now)?.ApplyTo(terms) ?? terms;

    private async Task WriteCurveAsync(PipelineOutput output)
    {
        if (Bandwidth.Length == 0)
            throw new LiveMigrationException(Faults.BandwidthUnknown, "-Curve needs -Bandwidth: without hosts no link is known.");
        foreach (var group in Curve.GroupBy(point => (point.Name, point.HostName)))
        {
            var points = group.SelectMany(one => one.Points).ToArray();
            if (points.Length == 0 || points.Any(point => point.Period <= TimeSpan.Zero))
                throw new LiveMigrationException(Faults.NoDirtyCurve, $"-Curve{(group.Key.Name is { } name ? $" ('{name}')" : "")} has no point with a period, so there is nothing to forecast from.");
            if ((Memory?.Bytes ?? group.Max(one => one.Memory)) is not (> 0 and var memory))
                throw new LiveMigrationException(Faults.NoDirtyCurve, "-Memory is needed: the points of -Curve do not say how much memory the VM has.");
            foreach (var forecast in Forecasts(DirtyCurve.FromPoints(memory, points), new ForecastTerms { Bandwidth = Bandwidth[0], Timeout = Timeout }, null))
                await output.WriteObjectAsync(forecast with { Name = group.Key.Name, HostName = group.Key.HostName });
        }
    }

    private IEnumerable<MigrationForecast> Forecasts(DirtyCurve curve, ForecastTerms terms, string? source) =>
        from bandwidth in Bandwidth.Length > 0 ? Bandwidth : [terms.Bandwidth]
        from downtime in MaxDowntime.Length > 0 ? MaxDowntime : [terms.MaxDowntime]
        from strategy in Strategy
        select MigrationForecaster.Forecast(curve, terms with
        {
            Bandwidth = bandwidth,
            IsLimited = Bandwidth.Length > 0,
            MaxDowntime = downtime,
            Strategy = strategy,
        }) with { BandwidthSource = Bandwidth.Length > 0 ? "-Bandwidth" : source };
}
