using System.Collections;
using System.Management.Automation;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>QEMU + command → its answer; or QEMU → its events.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "QmpCommand", DefaultParameterSetName = "Command", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Invoke-QmpCommand.md")]
[OutputType(typeof(PSObject), typeof(string))]
public sealed class InvokeQmpCommandCommand : QemuCmdlet
{
    /// <summary>The command.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Command")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(QmpCommandCompleter))]
    public string Command { get; set; } = "";

    /// <summary>Its arguments.</summary>
    [Parameter(Position = 1, ParameterSetName = "Command")]
    [ArgumentCompleter(typeof(QmpArgumentsCompleter))]
    public IDictionary? Arguments { get; set; }

    /// <summary>The QEMUs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("VMName", "Domain", "Address")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(QemuCompleter))]
    public QemuReference[] Name { get; set; } = [];

    /// <summary>Overtake the commands that wait.</summary>
    [Parameter(ParameterSetName = "Command")]
    public SwitchParameter OutOfBand { get; set; }

    /// <summary>Return the answer as QEMU wrote it.</summary>
    [Parameter(ParameterSetName = "Command")]
    public SwitchParameter AsJson { get; set; }

    /// <summary>Return these events as they happen.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Events")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Event { get; set; } = [];

    /// <summary>How long to listen; until it is stopped by default.</summary>
    [Parameter(ParameterSetName = "Events")]
    [SecondsTransformation]
    [ShortestTime]
    public Duration? Timeout { get; set; }

    private protected override IReadOnlyList<QemuReference> Processes => Name;

    private protected override Task HandleAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken) =>
        Event.Length > 0 ? ListenAsync(process, output, cancellationToken) : InvokeAsync(process, output, cancellationToken);

    private async Task InvokeAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        var arguments = QmpArguments.Of(Arguments);
        // What only asks is not asked about.
        if (!Command.StartsWith("query-", StringComparison.Ordinal)
            && !await output.ShouldProcessAsync($"Invoke {Command} on {process.Name} ({process.Address}).", $"Invoke {Command} on {process.Name} ({process.Address})?"))
            return;
        var monitor = await process.MonitorAsync(cancellationToken);
        var answer = OutOfBand
            ? await monitor.ExecuteOutOfBandAsync(Command, arguments, cancellationToken)
            : await monitor.ExecuteAsync(Command, arguments, cancellationToken);
        if (AsJson)
            await output.WriteObjectAsync(answer.GetRawText());
        else
            await WriteAsync(QmpArguments.ToObject(answer), output);
    }

    /// <summary>A list is written item by item; the empty object of a command that returns nothing is not.</summary>
    private static async Task WriteAsync(object? answer, PipelineOutput output)
    {
        foreach (var item in answer is object?[] list ? list : [answer])
        {
            if (item is not null && (item is not PSObject record || record.Properties.Any()))
                await output.WriteObjectAsync(item);
        }
    }

    private async Task ListenAsync(QemuProcess process, PipelineOutput output, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (Timeout is { } timeout)
            limit.CancelAfter(timeout.Value);
        WildcardPattern[] wanted = [.. Event.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        try
        {
            using var events = (await process.MonitorAsync(limit.Token)).Listen();
            await foreach (var happened in events.WithCancellation(limit.Token))
            {
                if (wanted.Any(pattern => pattern.IsMatch(happened.Name)))
                    await output.WriteObjectAsync(QmpArguments.ToObject(happened, process));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up.
        }
    }
}
