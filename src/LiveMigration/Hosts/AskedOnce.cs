using System.Collections.Concurrent;

namespace LiveMigration.Hosts;

/// <summary>
/// A question that each host is asked once, by the first who needs the answer. Who gives up waits no longer, but spoils the answer for nobody else: the question
/// ends by its own limit. That a host did not answer is an answer, too: a host that is down is waited for once, and not again for each VM.
/// </summary>
/// <param name="question">The question.</param>
internal sealed class AskedOnce<T>(Func<LibvirtHost, Task<T>> question)
{
    private readonly ConcurrentDictionary<LibvirtHost, Lazy<Task<T>>> _asked = new();

    /// <summary>The answer of a host.</summary>
    internal Task<T> OfAsync(LibvirtHost host, CancellationToken cancellationToken) =>
        _asked.GetOrAdd(host, key => new(() => Observed(question(key)))).Value.WaitAsync(cancellationToken);

    /// <summary>A failure after all have given up is nobody's.</summary>
    private static Task<T> Observed(Task<T> answer)
    {
        _ = answer.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return answer;
    }
}
