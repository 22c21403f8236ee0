using LiveMigration.Units;

namespace LiveMigration.Forecasting;

/// <summary>dirty curve + terms → forecast: a pure function, the same for the same arguments.</summary>
public static class MigrationForecaster
{
    private const int Runs = 200;

    /// <summary>Of the bandwidth, to either side.</summary>
    private const double BandwidthError = 0.1;

    /// <summary>What a raised limit has above the smallest possible one.</summary>
    private const double Margin = 1.1;

    /// <summary>
    /// How long the state of the devices takes, in seconds: 20 to 100 ms without devices that are passed through.
    /// </summary>
    private static readonly (double Low, double High) Devices = (0.02, 0.1);

    /// <summary>What is known from earlier migrations is right within this factor.</summary>
    private const double KnownDevices = 1.5;

    /// <summary>A link that is not known is taken to be so many times as fast as the limit that is set on it.</summary>
    private const double UnknownLink = 10;

    private static readonly Version LooksWithinPasses = new(10, 0);

    /// <summary>Makes the forecast.</summary>
    /// <param name="curve">How fast the guest dirties its memory.</param>
    /// <param name="terms">What the forecast is made for.</param>
    public static MigrationForecast Forecast(DirtyCurve curve, ForecastTerms terms)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(terms.Bandwidth.BytesPerSecond, nameof(terms));
        var (sent, limit) = ((double)terms.Bandwidth.BytesPerSecond, terms.MaxDowntime.Value.TotalSeconds);
        curve = curve.Times(terms.DirtyFactor);
        var floor = curve.Floor(sent);
        var allowed = terms.Strategy is MigrationStrategy.RaiseDowntime && double.IsFinite(floor) ? Math.Max(limit, Math.Ceiling(floor * Margin * 100) / 100) : limit;
        var random = new Random(1);
        var runs = Enumerable.Range(0, Runs).Select(_ => Run(curve, terms, allowed, random)).ToArray();
        var ended = Array.FindAll(runs, run => run.Ended);
        return new MigrationForecast
        {
            Strategy = terms.Strategy,
            Bandwidth = terms.Bandwidth.BytesPerSecond,
            MaxDowntime = TimeSpan.FromSeconds(allowed),
            Probability = ended.Length / (double)Runs,
            TotalTime = Time(run => run.Total, 0.5),
            TotalTimeLow = Time(run => run.Total, 0.1),
            TotalTimeHigh = Time(run => run.Total, 0.9),
            Downtime = Time(run => run.Downtime, 0.5),
            DowntimeLow = Time(run => run.Downtime, 0.1),
            DowntimeHigh = Time(run => run.Downtime, 0.9),
            FinalTransfer = Time(run => run.Rest, 0.5),
            Transferred = (long?)At(run => run.Bytes, 0.5),
            TransferredLow = (long?)At(run => run.Bytes, 0.1),
            TransferredHigh = (long?)At(run => run.Bytes, 0.9),
            Iterations = (int?)At(run => run.Passes, 0.5),
            Throttle = terms.Strategy is MigrationStrategy.AutoConverge ? (int?)At(run => run.Throttle, 0.5) : null,
            PostCopyRemaining = terms.Strategy is MigrationStrategy.PostCopy ? (long?)At(run => run.Remaining, 0.5) : null,
            NeededDowntime = double.IsFinite(floor) ? TimeSpan.FromSeconds(Math.Ceiling(floor * 1000) / 1000) : null,
            NeededBandwidth = PreCopy.NeededBandwidth(curve, limit).BytesPerSecond,
            NeededThrottle = (int)Math.Ceiling(100 * PreCopy.NeededThrottle(curve, sent, limit)),
            Curve = curve,
            Notes = [.. ForecastNotes.Of(curve, terms, TimeSpan.FromSeconds(allowed), ended.Length / (double)Runs)],
        };

        double? At(Func<Simulated, double> value, double quantile)
        {
            if (ended.Length * 2 < Runs)
                return null;
            var sorted = ended.Select(value).Order().ToArray();
            return sorted[(int)Math.Round(quantile * (sorted.Length - 1))];
        }

        TimeSpan? Time(Func<Simulated, double> value, double quantile) =>
            At(value, quantile) is { } seconds ? TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)) : null;
    }

    private static Simulated Run(DirtyCurve curve, ForecastTerms terms, double downtime, Random random)
    {
        // A limit holds; what a link gives is never quite what it is said to.
        var sent = terms.Bandwidth.BytesPerSecond * (terms.IsLimited ? 1 : 1 + BandwidthError * (2 * random.NextDouble() - 1));
        var bytes = Math.Min(curve.Memory, terms.MemoryInUse ?? curve.Memory);
        var before = terms.Overhead.Value.TotalSeconds * (0.5 + random.NextDouble()) + terms.Disks / sent;
        var switches = terms.Strategy is MigrationStrategy.PostCopy or MigrationStrategy.Suspend;
        var deadline = terms.Timeout is { } timeout ? Math.Max(0, timeout.Value.TotalSeconds - before) : Math.Max(120, 20 * bytes / sent);
        var outcome = PreCopySimulation.Run(
            curve.Resample(random),
            new PreCopyTerms
            {
                Bytes = bytes,
                BytesPerSecond = sent,
                Downtime = downtime,
                Deadline = deadline,
                IsLimited = terms.IsLimited,
                AutoConverge = terms.Strategy is MigrationStrategy.AutoConverge,
                LooksWithinPasses = terms.Qemu >= LooksWithinPasses,
                SwitchAt = switches && terms.Timeout is not null ? deadline : null,
                SwitchAfterFirstPass = switches && terms.Timeout is null,
                ProtectsInParts = terms.Kvm && curve.Memory > 1024 * (long)ByteSize.MiB,
            },
            random);
        var (fewest, most) = terms.DeviceTime is { } known ? (known.Value.TotalSeconds / KnownDevices, known.Value.TotalSeconds * KnownDevices) : Devices;
        var devices = fewest > 0 ? fewest * Math.Pow(most / fewest, random.NextDouble()) : 0;
        var postCopy = terms.Strategy is MigrationStrategy.PostCopy && outcome.Switched;
        // Once the guest is stopped QEMU lifts the limit; how much faster it then gets is between the limit and the link.
        var slow = terms.IsLimited ? random.NextDouble() : 1;
        var rest = outcome.Remaining * (slow / sent + (1 - slow) / Math.Max(sent, terms.Link?.BytesPerSecond ?? UnknownLink * sent));
        return new Simulated(
            outcome.Ended,
            before + outcome.Seconds + rest + devices,
            terms.Disks + outcome.Bytes + outcome.Remaining,
            (postCopy ? 0 : rest) + devices,
            postCopy ? 0 : rest,
            outcome.Passes,
            outcome.Throttle,
            postCopy ? outcome.Remaining : 0);
    }

    private readonly record struct Simulated(bool Ended, double Total, double Bytes, double Downtime, double Rest, int Passes, int Throttle, double Remaining);
}
