namespace LiveMigration.Forecasting;

/// <summary>A guest at the beginning of a pass.</summary>
/// <param name="Classes">Its pages.</param>
/// <param name="Pending">The share of each class that this pass has to send.</param>
/// <param name="Memory">All there was to be sent, in bytes.</param>
internal sealed record PassState(PageClass[] Classes, double[] Pending, double Memory)
{
    /// <summary>How fast it dirties its memory.</summary>
    internal DirtyCurve Curve => DirtyCurve.OfClasses(Memory, [.. Classes.Where(one => one is { Bytes: > 0, Rate: > 0 })]);

    /// <summary>What comes of it from here on.</summary>
    /// <param name="bytesPerSecond">How fast is sent.</param>
    /// <param name="compression">How many bytes of pages each of these stands for.</param>
    /// <param name="downtime">The downtime limit, in seconds.</param>
    /// <param name="deadline">When it has to end, in seconds from now.</param>
    /// <param name="throttle">How much QEMU slows the guest down now, in percent, and will more; null where it may not.</param>
    /// <param name="random">Chance.</param>
    internal PreCopyOutcome Run(double bytesPerSecond, double compression, double downtime, double deadline, int? throttle, Random random) => PreCopySimulation.Run(
        Classes,
        Pending,
        2,
        new PreCopyTerms
        {
            Bytes = Memory,
            // QEMU compares the pages that are left with what it could send of them if they were not compressed.
            BytesPerSecond = bytesPerSecond * compression,
            Downtime = downtime / compression,
            Deadline = deadline,
            AutoConverge = throttle is not null,
            Throttle = throttle ?? 0,
        },
        random);
}
