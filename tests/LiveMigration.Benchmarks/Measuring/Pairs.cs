namespace LiveMigration.Benchmarks.Measuring;

/// <summary>
/// Two contestants in turn, each as often first as the other: what the machine does beside, and what slowly changes, meets
/// both alike.
/// </summary>
/// <param name="Theirs">What the other tool gave, in the order of the pairs.</param>
/// <param name="Ours">What we gave.</param>
internal sealed record Pairs<T>(IReadOnlyList<T> Theirs, IReadOnlyList<T> Ours)
{
    internal static async Task<Pairs<T>> RunAsync(int count, Func<Task<T>> theirs, Func<Task<T>> ours)
    {
        var (their, our) = (new List<T>(count), new List<T>(count));
        for (var pair = 0; pair < count; pair++)
        {
            if (pair % 2 == 0)
                their.Add(await theirs());
            our.Add(await ours());
            if (pair % 2 == 1)
                their.Add(await theirs());
        }

        return new Pairs<T>(their, our);
    }

    /// <summary>Ours by theirs, pair by pair.</summary>
    internal IReadOnlyList<double> Ratios(Func<T, double> what) => [.. Ours.Zip(Theirs, (our, their) => what(our) / what(their))];

    /// <summary>Prints both medians and the median of the pairs' ratios.</summary>
    internal void Print(string name, string unit, Func<T, double> what, double? aim = null, string? includes = null, string theirs = "virsh")
    {
        Metric.Median($"{name}.{theirs}", [.. Theirs.Select(what)], unit).Print();
        Metric.Median($"{name}.ours", [.. Ours.Select(what)], unit).Print();
        (Metric.Median($"{name}.ratio", [.. Ratios(what)], $"ours/{theirs}") with { Aim = aim, Includes = includes }).Print();
    }
}
