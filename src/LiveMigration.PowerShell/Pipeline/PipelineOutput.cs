using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Threading.Channels;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>
/// What asynchronous work writes to, from any thread: one queue, drained by the pipeline thread. Who writes faster than the
/// pipeline takes waits; who writes after the pipeline was stopped gets <see cref="PipelineStoppedException"/>.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Holds no handle, and a late writer must find it whole.")]
internal sealed class PipelineOutput(CancellationToken stop)
{
    private const int Room = 64;

    private readonly Channel<PipelineItem> _queue = Channel.CreateUnbounded<PipelineItem>(new() { SingleReader = true });
    private readonly SemaphoreSlim _room = new(Room, Room);
    private readonly ProgressBoard _progress = new();

    /// <summary>Where events go; null where nobody asked for them.</summary>
    internal EventOutput? Events { get; set; }

    /// <summary>Writes an object; waits while the pipeline is behind.</summary>
    internal Task WriteObjectAsync(object value) => EnqueueAsync(cmdlet => cmdlet.WriteObject(value));

    /// <summary>Writes a file as Get-Item does, with all that its views show.</summary>
    internal Task WriteFileAsync(string path) =>
        EnqueueAsync(cmdlet => cmdlet.WriteObject(cmdlet.InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true));

    /// <summary>Writes objects that are all there already, one by one.</summary>
    internal Task WriteObjectsAsync<T>(IReadOnlyList<T> values) => EnqueueAsync(cmdlet => cmdlet.WriteObject(values, enumerateCollection: true));

    /// <summary>Writes a non-terminating error; waits while the pipeline is behind.</summary>
    internal Task WriteErrorAsync(ErrorRecord error) => EnqueueAsync(cmdlet => cmdlet.WriteError(error));

    /// <summary>Writes a warning; does not wait, so that event handlers may call it.</summary>
    internal void WriteWarning(string text) => Enqueue(new(cmdlet => cmdlet.WriteWarning(text)));

    /// <summary>The same, or drops it when the pipeline takes no more.</summary>
    internal void TryWarn(string text) => TryRun(cmdlet => cmdlet.WriteWarning(text));

    /// <summary>Has the pipeline thread do something, or drops it when the pipeline takes no more; does not wait.</summary>
    internal void TryRun(Action<PSCmdlet> what) => _queue.Writer.TryWrite(new(what));

    /// <summary>Writes a verbose line; does not wait.</summary>
    internal void WriteVerbose(string text) => Enqueue(new(cmdlet => cmdlet.WriteVerbose(text)));

    /// <summary>Writes a verbose line or a line for debugging, or drops it when the pipeline takes no more.</summary>
    internal void TryWriteTrace(string text, bool debug) =>
        _queue.Writer.TryWrite(new(debug ? cmdlet => cmdlet.WriteDebug(text) : cmdlet => cmdlet.WriteVerbose(text)));

    /// <summary>Shows progress; of several records of one activity that were not written yet, the last one counts.</summary>
    internal void WriteProgress(ProgressRecord record)
    {
        if (_progress.Put(record))
            _queue.Writer.TryWrite(new(_progress.Show));
    }

    /// <summary>
    /// Says what became of things after Ctrl+C: a stopping pipeline takes no warnings any more, so this goes to the screen.
    /// </summary>
    internal void SayWhileStopping(string text) =>
        _queue.Writer.TryWrite(new(cmdlet => cmdlet.Host.UI.WriteWarningLine(text), AlsoAfterStop: true));

    /// <summary>Asks whether to go on: <c>-WhatIf</c> and <c>-Confirm</c>.</summary>
    /// <param name="what">What would be done, as a sentence.</param>
    /// <param name="question">The question of <c>-Confirm</c>.</param>
    internal Task<bool> ShouldProcessAsync(string what, string question) => AskAsync(cmdlet => cmdlet.ShouldProcess(what, question, "Confirm"));

    /// <summary>Asks in any case, not only with <c>-Confirm</c>; null where nobody can answer.</summary>
    /// <param name="question">The question.</param>
    internal Task<bool?> ShouldContinueAsync(string question) => AskAsync(cmdlet =>
    {
        try
        {
            return cmdlet.ShouldContinue(question, "Confirm");
        }
        // What PowerShell throws where it runs without a prompt: as a job, with -NonInteractive, in a host that has none.
        catch (Exception error) when (error is InvalidOperationException or NotImplementedException or HostException)
        {
            return (bool?)null;
        }
    });

    private async Task<T> AskAsync<T>(Func<PSCmdlet, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new(cmdlet => answer.TrySetResult(question(cmdlet))));
        try
        {
            return await answer.Task.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>The work has ended; what is queued is still written.</summary>
    internal void Complete() => _queue.Writer.TryComplete();

    /// <summary>Lets the pipeline thread look up.</summary>
    internal void Wake() => _queue.Writer.TryWrite(new(static _ => { }, AlsoAfterStop: true));

    /// <summary>On the pipeline thread: waits for the next item. False when the work has ended and all is written.</summary>
    /// <exception cref="OperationCanceledException">The patience is at its end.</exception>
    internal bool TryTake(CancellationToken patience, out PipelineItem item)
    {
        while (!_queue.Reader.TryRead(out item))
        {
            if (!_queue.Reader.WaitToReadAsync(patience).AsTask().GetAwaiter().GetResult())
                return false;
        }

        if (item.TakesRoom)
            _room.Release();
        return true;
    }

    /// <summary>On the pipeline thread: takes away every line of progress that is still shown.</summary>
    internal void CloseProgress(PSCmdlet cmdlet, bool stopping) => _progress.Close(cmdlet, stopping);

    private async Task EnqueueAsync(Action<PSCmdlet> write)
    {
        try
        {
            await _room.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }

        Enqueue(new(write, TakesRoom: true));
    }

    private void Enqueue(PipelineItem item)
    {
        if (stop.IsCancellationRequested || !_queue.Writer.TryWrite(item))
            throw new PipelineStoppedException();
    }
}
