using LiveMigration.Monitoring.Policies.Rules;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>OpenStack Nova's: the downtime grows in equal steps, the longer apart the more there is to send.</summary>
/// <remarks>nova/virt/libvirt/migration.py, <c>downtime_steps</c></remarks>
public sealed record LinearDowntime : DowntimeSchedule
{
    /// <summary>The downtime of the last step.</summary>
    public required Duration Max { get; init; }

    /// <summary>How many steps lead there after the first value, which is <see cref="Max"/> divided by this.</summary>
    public required int Steps { get; init; }

    /// <summary>How long a step takes, per GiB to be sent.</summary>
    public required Duration DelayPerGiB { get; init; }

    /// <summary>The whole schedule.</summary>
    /// <param name="dataSize">GiB to be sent, see <see cref="PolicyFacts.DataSize"/>.</param>
    public IReadOnlyList<DowntimeStep> StepsFor(double dataSize)
    {
        // In Nova's order and with its cuts to whole numbers: any other gives other milliseconds.
        var delay = Math.Truncate(DelayPerGiB.Value.TotalSeconds * dataSize);
        var first = Max.Milliseconds / (double)Steps;
        var growth = (Max.Milliseconds - first) / Steps;
        return
        [
            .. Enumerable.Range(0, Steps + 1)
                .Select(step => new DowntimeStep(TimeSpan.FromSeconds(delay * step), Duration.FromMilliseconds((long)(first + growth * step)))),
        ];
    }

    internal override ConvergenceRule Start(double dataSize) => new LinearDowntimeRule(StepsFor(dataSize));
}
