using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>
/// A cmdlet whose work is asynchronous. The work runs on the thread pool; what it writes is written by the pipeline thread, which
/// waits here until the work has ended. Ctrl+C becomes a token, followed by a bounded wait in which the work puts things in order.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Holds no handle, and Ctrl+C may come when all is over.")]
public abstract class AsyncCmdlet : PSCmdlet
{
    private readonly CancellationTokenSource _stop = new();
    private volatile PipelineOutput? _output;
    private CmdletTrace? _trace;
    private HashSet<string> _typed = [];
    private bool _fed;

    /// <summary>How long the work may take to end after Ctrl+C.</summary>
    private protected virtual TimeSpan StopPatience => TimeSpan.FromSeconds(5);

    /// <summary>Whether a parameter stands on the command line; what is bound later came through the pipeline.</summary>
    private protected bool IsTyped(string parameter) => _typed.Contains(parameter);

    /// <summary>Work before the first object comes.</summary>
    private protected virtual Task BeginAsync(PipelineOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Work for one object.</summary>
    private protected virtual Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Work after the last object has come.</summary>
    private protected virtual Task EndAsync(PipelineOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _typed = [.. MyInvocation.BoundParameters.Keys];
        if (MissingArgument() is { } missing)
            ThrowTerminatingError(missing);
        _trace = CmdletTrace.For(this);
        Run(BeginAsync);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (MissingInput() is { } missing)
        {
            WriteError(missing);
            return;
        }

        _fed = true;
        Run(ProcessAsync);
    }

    /// <summary>
    /// Without a pipe PowerShell processes one record, always; with one, those that could be bound. None means that a pipe was there
    /// and brought nothing: that is nothing to ask about, and an error for what would have changed something. It never means "all".
    /// </summary>
    protected override void EndProcessing()
    {
        if (_fed)
            Run(EndAsync, isLast: true);
        else if (!OnlyAsks)
            WriteError(new LiveMigrationException(CmdletFaults.EmptyPipeline, $"The pipeline contained nothing that {MyInvocation.MyCommand.Name} could use; nothing was done.").ToErrorRecord());
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // Not on this thread: what waits for the token would go on here.
        _ = _stop.CancelAsync();
        _output?.Wake();
    }

    /// <summary>Whether it changes nothing, by its verb.</summary>
    private bool OnlyAsks => MyInvocation.MyCommand is CmdletInfo { Verb: VerbsCommon.Get or VerbsDiagnostic.Test or VerbsDiagnostic.Measure or VerbsLifecycle.Wait or VerbsData.Compare };

    /// <summary>
    /// An argument that is null, or an empty text or list of references, comes from a variable that does not hold what was meant: without
    /// the limit, or for all hosts, is not what was asked for.
    /// </summary>
    private ErrorRecord? MissingArgument() => MyInvocation.BoundParameters
        .Select(bound => (bound.Key, What: bound.Value switch
        {
            null => "null",
            string { Length: 0 } or IReference[] { Length: 0 } or IReference { Text: "" } or IReference[] and [{ Text: "" }] => "empty",
            Array several when several.Cast<object?>().Contains(null) => "a list with null in it",
            _ => null,
        }))
        .Where(bound => bound.What is not null)
        .Select(bound => Refusal(bound.Key, $"The argument of -{bound.Key} is {bound.What}."))
        .FirstOrDefault();

    /// <summary>
    /// The same of what the pipeline brought: a null, or an empty cell of a file. Where other cells say what is meant, an empty host or
    /// destination is not there; an empty name never means all.
    /// </summary>
    private ErrorRecord? MissingInput()
    {
        var missing = new List<(string Parameter, string What, bool Selects)>();
        var brought = false;
        var ofDomains = GetType().GetProperty("Name")?.PropertyType == typeof(DomainReference[]);
        foreach (var parameter in MyInvocation.BoundParameters.Keys.Except(_typed))
        {
            var property = GetType().GetProperty(parameter);
            var value = property?.GetValue(this);
            var selects = property?.PropertyType.IsArray == true && parameter != "Destination" && !(ofDomains && parameter == "HostName");
            if (value is null or Array { Length: 1 } and not string[] && (value as Array)?.GetValue(0) is null)
            {
                missing.Add((parameter, "null", selects));
                if (property?.PropertyType is { IsArray: true } list)
                    property.SetValue(this, Array.CreateInstance(list.GetElementType()!, 0));
            }
            else if (value is "" or IReference { Text: "" } or IReference[] and [{ Text: "" }] or string[] and [null or ""])
            {
                missing.Add((parameter, "empty", selects));
            }
            else
            {
                brought |= value is not Array { Length: 0 };
            }
        }

        var needed = missing.Where(cell => !brought || cell.Selects).ToArray();
        return needed.Length == 0 ? null : Refusal(needed[0].Parameter, $"The pipeline provided no value for -{needed[0].Parameter}: it is {needed[0].What}.");
    }

    private static ErrorRecord Refusal(string parameter, string message) =>
        new LiveMigrationException(CmdletFaults.MissingArgument, message).ToErrorRecord(parameter);

    private void Run(Func<PipelineOutput, CancellationToken, Task> step, bool isLast = false)
    {
        var stop = _stop.Token;
        var output = _output = new PipelineOutput(stop);
        var work = Task.Run(async () =>
        {
            using var listening = _trace?.Listen(output);
            try
            {
                await step(output, stop);
            }
            finally
            {
                try
                {
                    if (output.Events is { } events)
                        await events.FinishAsync();
                }
                finally
                {
                    output.Complete();
                }
            }
        });
        try
        {
            while (!stop.IsCancellationRequested && output.TryTake(CancellationToken.None, out var item))
                item.Write(this);
        }
        catch
        {
            // Ctrl+C, a downstream that has enough, -ErrorAction Stop: no more can be written, and the work must end.
            Leave(output, work);
            throw;
        }

        if (stop.IsCancellationRequested)
        {
            Leave(output, work);
            throw new PipelineStoppedException();
        }

        output.CloseProgress(this, stopping: false);
        if (isLast || work.IsFaulted)
            _trace?.Summarize(WriteVerbose);
        Rethrow(work);
    }

    private void Leave(PipelineOutput output, Task work)
    {
        _ = _stop.CancelAsync();
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            while (output.TryTake(patience.Token, out var item))
            {
                if (item.AlsoAfterStop)
                    item.Write(this);
            }
        }
        catch (OperationCanceledException)
        {
            Host.UI.WriteWarningLine($"{MyInvocation.MyCommand.Name} did not end within {StopPatience.TotalSeconds:0} s after it was stopped.");
        }

        output.CloseProgress(this, stopping: true);
        _ = work.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default); // Seen: nobody is left to be told.
    }

    private void Rethrow(Task work)
    {
        try
        {
            work.GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not RuntimeException)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }
}
