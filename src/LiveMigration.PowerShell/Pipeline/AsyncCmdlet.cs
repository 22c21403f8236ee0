using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
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

    /// <summary>How long the work may take to end after Ctrl+C.</summary>
    private protected virtual TimeSpan StopPatience => TimeSpan.FromSeconds(5);

    /// <summary>Work before the first object comes.</summary>
    private protected virtual Task BeginAsync(PipelineOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Work for one object.</summary>
    private protected virtual Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Work after the last object has come.</summary>
    private protected virtual Task EndAsync(PipelineOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _trace = CmdletTrace.For(this);
        Run(BeginAsync);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Run(ProcessAsync);

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(EndAsync, isLast: true);

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // Not on this thread: what waits for the token would go on here.
        _ = _stop.CancelAsync();
        _output?.Wake();
    }

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
                output.Complete();
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
            Host.UI.WriteWarningLine($"{MyInvocation.MyCommand.Name} has not come to an end within {StopPatience.TotalSeconds:0} s of being stopped.");
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
