using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Metrics;
using LiveMigration.Migration;
using LiveMigration.Monitoring;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.PowerShell.Reports;

namespace LiveMigration.PowerShell.Commands;

/// <summary>the history, evacuations and running migrations → a file that Prometheus' node_exporter reads.</summary>
[Cmdlet(VerbsData.Export, "MigrationMetric", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = OnlineHelp.Pages + "Export-MigrationMetric.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportMigrationMetricCommand : HostCmdlet
{
    /// <summary>How long a migration that was just found may take to tell how far it is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly List<HostReference> _named = [];

    /// <summary>The file, whose name should end in .prom.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The hosts whose running migrations are told; all connected hosts by default.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "ComputerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] HostName { get; set; } = [];

    /// <summary>Replace a file that this cmdlet has not made.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _named.AddRange(HostName);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var path = OutputFile.Locate(this, Path);
        var file = new MetricFile(path, Force);
        var before = await file.ReadOwnAsync();
        if (!path.EndsWith(".prom", StringComparison.Ordinal))
            output.WriteWarning($"node_exporter reads only files whose names end in .prom, and '{System.IO.Path.GetFileName(path)}' does not.");
        if (!await output.ShouldProcessAsync($"Write metrics to '{path}'.", $"Write metrics to '{path}'?"))
            return;
        var hosts = await AskAsync(output, cancellationToken);
        var text = await TakeAsync(hosts, cancellationToken);
        if (before is not null && PrometheusText.SmallerCounters(before, text) is { Count: > 0 } smaller)
            output.WriteWarning($"Counters are smaller than in the file before: {string.Join(", ", smaller.Take(3))}{(smaller.Count > 3 ? $" and {smaller.Count - 3} more" : "")}. The history was removed, is damaged, or is another user's; Prometheus takes this for a restart of the counters.");
        await file.WriteAsync(text, cancellationToken);
        await output.WriteFileAsync(path);
        WriteNotices(output);
    }

    /// <summary>Where a month of the history cannot be read now, the file before stays: its counters are right, and smaller ones would not be.</summary>
    private static async Task<string> TakeAsync(Dictionary<string, bool> hosts, CancellationToken cancellationToken)
    {
        try
        {
            return (await Task.Run(() => MetricSnapshot.Take(UserState.Store, hosts), cancellationToken)).ToPrometheus();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(CmdletFaults.MetricFileNotWritable, $"The metrics were not written: the history cannot be read. {error.Message}", innerException: error);
        }
    }

    /// <summary>Watches the migrations of the hosts, so that they are among those of this process. One that does not answer is an error, and a metric says so.</summary>
    private async Task<Dictionary<string, bool>> AskAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, bool>(StringComparer.Ordinal);
        var hosts = new List<LibvirtHost>();
        // All at once: each that is down may take its time.
        foreach (var (reference, found) in await Task.WhenAll(_named.Select(async reference => (reference, await ResolveAsync([reference], output, cancellationToken)))))
        {
            hosts.AddRange(found);
            if (found.Count == 0 && !reference.HasWildcard)
                answers[reference.Text] = false;
        }

        if (_named.Count == 0)
            hosts.AddRange(HostSessions.All);
        await Task.WhenAll(hosts.Distinct().Select(AskOneAsync));
        return answers;

        async Task AskOneAsync(LibvirtHost host)
        {
            var up = true;
            IReadOnlyList<MigrationRun> runs = [];
            try
            {
                runs = await MigrationFinder.FindAsync([host], [], error => { up = false; return output.WriteErrorAsync(error); }, cancellationToken);
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                up = false;
                await output.WriteErrorAsync(error.ToErrorRecord(host.Name));
            }

            lock (answers)
                answers[host.Name] = up;
            var begun = TimeProvider.System.GetTimestamp();
            while (runs.Any(run => run is { IsForeign: true, Completion.IsCompleted: false, Progress.Phase: MigrationPhase.Starting }) && TimeProvider.System.GetElapsedTime(begun) < Patience)
                await Task.Delay(50, cancellationToken);
        }
    }
}
