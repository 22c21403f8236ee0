namespace LiveMigration.Migration;

/// <summary>The listeners to what runs. One that fails must neither end it nor keep the others from hearing.</summary>
/// <param name="failed">Told of the first failure.</param>
internal sealed class Listeners(Action<Exception> failed)
{
    private int _failures;

    /// <summary>Tells every listener.</summary>
    internal void Tell<T>(EventHandler<T>? listeners, object sender, T what)
    {
        foreach (var listener in listeners?.GetInvocationList().Cast<EventHandler<T>>() ?? [])
        {
            try
            {
                listener(sender, what);
            }
#pragma warning disable CA1031 // Whatever it is, it is the listener's.
            catch (Exception error)
#pragma warning restore CA1031
            {
                if (Interlocked.Increment(ref _failures) == 1)
                    failed(error);
            }
        }
    }
}
