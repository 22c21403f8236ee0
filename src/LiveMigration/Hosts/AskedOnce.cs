using System.Collections.Concurrent;

namespace LiveMigration.Hosts;

/// <summary>
/// A question that each host is asked once, by the first who needs the answer. Who gives up waits no longer, but spoils the answer for nobody else: the question
/// ends by its own limit. A host that failed to answer is asked again.
/// </summary>
/// <param name="question">The question.</param>
internal sealed class AskedOnce<T>(Func<LibvirtHost, Task<T>> question)
{
    private readonly ConcurrentDictionary<LibvirtHost, Lazy<Task<T>>> _asked = new();

    /// <summary>The answer of a host.</summary>
    internal async Task<T> OfAsync(LibvirtHost host, CancellationToken cancellationToken)
    {
        var asked = _asked.GetOrAdd(host, key => new(() => question(key)));
        try
        {
            return await asked.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (asked.Value.IsFaulted)
        {
            _asked.TryRemove(new(host, asked));
            throw;
        }
    }
}
