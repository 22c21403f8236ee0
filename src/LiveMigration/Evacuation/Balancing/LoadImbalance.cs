namespace LiveMigration.Evacuation.Balancing;

/// <summary>
/// How unevenly loaded hosts are, as one number and its parts. A host's share of a resource is what its VMs use of it (CPU) or were given of it
/// (memory), divided by what the host has. A part is the population standard deviation of the hosts' shares, and the number is the mean of the
/// parts by their weights. It is 0 for equal shares and at most 0.5 while no share is above 1. vSphere DRS calls it the current host load standard
/// deviation.
/// </summary>
/// <param name="Cpu">Of the hosts' CPU shares; null where a host does not report it.</param>
/// <param name="Memory">Of the hosts' memory shares; null where a host does not report it.</param>
/// <param name="Value">The imbalance; null where a part is not known that has a weight.</param>
public sealed record LoadImbalance(double? Cpu, double? Memory, double? Value)
{
    /// <summary>The imbalance of hosts.</summary>
    /// <param name="cpu">The CPU share of each host.</param>
    /// <param name="memory">The memory share of each host.</param>
    /// <param name="options">The weights.</param>
    public static LoadImbalance Of(IReadOnlyList<double?> cpu, IReadOnlyList<double?> memory, BalanceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        ArgumentNullException.ThrowIfNull(memory);
        options ??= new BalanceOptions();
        var (ofCpu, ofMemory) = (Deviation(cpu), Deviation(memory));
        var weights = options.CpuWeight + options.MemoryWeight;
        var isKnown = weights > 0 && (ofCpu is not null || options.CpuWeight == 0) && (ofMemory is not null || options.MemoryWeight == 0);
        return new LoadImbalance(ofCpu, ofMemory, isKnown ? (options.CpuWeight * (ofCpu ?? 0) + options.MemoryWeight * (ofMemory ?? 0)) / weights : null);
    }

    /// <summary>For example <c>0.21 (CPU 0.32, memory 0.1)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Text(Value)} (CPU {Text(Cpu)}, memory {Text(Memory)})");

    private static string Text(double? part) => part is { } known ? FormattableString.Invariant($"{known:0.###}") : "unknown";

    private static double? Deviation(IReadOnlyList<double?> shares)
    {
        if (shares.Count == 0 || shares.Any(share => share is null))
            return null;
        var mean = shares.Average()!.Value;
        return Math.Sqrt(shares.Average(share => (share!.Value - mean) * (share.Value - mean)));
    }
}
