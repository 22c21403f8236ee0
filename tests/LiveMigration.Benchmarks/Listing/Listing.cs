namespace LiveMigration.Benchmarks.Listing;

/// <summary>One of our ways to list domains.</summary>
internal abstract class Listing
{
    internal abstract string Name { get; }

    internal abstract string Includes { get; }

    internal abstract Task ConnectAsync(string uri);

    /// <summary>Lists all domains, of which there must be so many.</summary>
    internal abstract Task ListAsync(int count);

    /// <summary>Bytes that were allocated since the process began.</summary>
    internal abstract Task<double> AllocatedAsync();

    private protected static void Check(int found, int count)
    {
        if (found != count)
            throw new InvalidOperationException($"There should be {count} domains, and {found} were listed.");
    }
}
