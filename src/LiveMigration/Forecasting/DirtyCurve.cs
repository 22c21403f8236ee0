namespace LiveMigration.Forecasting;

/// <summary>
/// How much of its memory a guest dirties, by the length of the period. One rate says little: a page that is written again and again counts
/// once in each period, so in a tenth of the time far more than a tenth is dirtied.
/// </summary>
public sealed class DirtyCurve
{
    private const int Halvings = 60;

    /// <summary>Two measurements of a period that are further apart than so many standard errors were not of the same load.</summary>
    private const double Apart = 4;

    private DirtyCurve(long memory, IReadOnlyList<DirtyPoint> points, IReadOnlyList<PageClass> classes, bool isSteady) =>
        (Memory, Points, Classes, IsSteady) = (memory, points, classes, isSteady);

    /// <summary>The guest's memory, in bytes.</summary>
    public long Memory { get; }

    /// <summary>What was measured, shortest period first; repeated measurements of one period are pooled.</summary>
    public IReadOnlyList<DirtyPoint> Points { get; }

    /// <summary>Whether repeated measurements of a period agree, as far as there are any.</summary>
    public bool IsSteady { get; }

    /// <summary>The classes of pages that explain the points.</summary>
    internal IReadOnlyList<PageClass> Classes { get; }

    /// <summary>Makes a curve from measurements.</summary>
    /// <param name="memory">The guest's memory in bytes, more than 0.</param>
    /// <param name="points">One point or more.</param>
    /// <exception cref="ArgumentException">There is no point, or one has no period.</exception>
    public static DirtyCurve FromPoints(long memory, IEnumerable<DirtyPoint> points)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memory);
        ArgumentNullException.ThrowIfNull(points);
        var periods = points.GroupBy(point => point.Period).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        var pooled = Array.ConvertAll(periods, same => Pool(memory, same));
        if (pooled.Length == 0 || pooled[0].Period <= TimeSpan.Zero)
            throw new ArgumentException("A dirty curve needs a point, and each point a period.", nameof(points));
        return new DirtyCurve(memory, pooled, CurveFit.Fit(memory, pooled), periods.All(Agree));
    }

    /// <summary>A curve of which the classes are known, and no point.</summary>
    internal static DirtyCurve OfClasses(double memory, IReadOnlyList<PageClass> classes) => new((long)memory, [], classes, isSteady: true);

    /// <summary>How many different bytes are dirtied in a period of this length.</summary>
    /// <param name="period">The period, 0 or more.</param>
    public long DirtiedIn(TimeSpan period) => (long)After(period.TotalSeconds);

    /// <summary>For example <c>34 MiB in 300 ms, 66 MiB in 3 s</c>.</summary>
    public override string ToString() => string.Join(", ", Points);

    /// <summary>Different bytes dirtied in so many seconds.</summary>
    internal double After(double seconds) => Classes.Sum(one => one.Bytes * one.Written(seconds));

    /// <summary>The seconds in which so many bytes are dirtied; infinite where that never happens.</summary>
    internal double Until(double bytes)
    {
        const double Longest = 1e6;
        return After(Longest) < bytes ? double.PositiveInfinity : Bisect(0, Longest, seconds => After(seconds) < bytes);
    }

    /// <summary>
    /// The smallest period in which no more is dirtied than is sent in it: with less downtime pre-copy never ends. 0 where any will do, infinite
    /// where none does.
    /// </summary>
    internal double Floor(double bytesPerSecond)
    {
        const double Longest = 1e6;
        if (After(1e-3) <= bytesPerSecond * 1e-3)
            return 0;
        return After(Longest) > bytesPerSecond * Longest
            ? double.PositiveInfinity
            : Bisect(1e-3, Longest, seconds => After(seconds) > bytesPerSecond * seconds);
    }

    /// <summary>The curve of a guest that changes so many times as much.</summary>
    internal DirtyCurve Times(double factor) => factor == 1 ? this : FromPoints(Memory, Points.Select(point => point with
    {
        Dirtied = (long)Math.Min(point.Dirtied * factor, Memory),
        StandardError = (long?)(point.StandardError * factor),
    })).As(IsSteady);

    private DirtyCurve As(bool isSteady) => new(Memory, Points, Classes, isSteady);

    /// <summary>The curve if each point were off by so many standard errors.</summary>
    internal DirtyCurve Shift(double errors) => new(
        Memory,
        Points,
        CurveFit.Fit(Memory, [.. Points.Select(point => point with { Dirtied = (long)Math.Clamp(point.Dirtied + errors * (point.StandardError ?? 0), 0, Memory) })]),
        IsSteady);

    /// <summary>Another guest with the same means: each point moved by its error, and another choice of classes where the points leave one.</summary>
    internal DirtyCurve Resample(Random random)
    {
        DirtyPoint[] moved = [.. Points.Select(point => point with
        {
            Dirtied = (long)Math.Clamp(point.Dirtied + random.Normal() * (point.StandardError ?? 0.05 * point.Dirtied), 0, Memory),
        })];
        var used = new bool[CurveFit.Rates.Length];
        for (var index = 0; index < used.Length; index++)
            used[index] = random.NextDouble() < 0.75;
        used[random.Next(used.Length)] = true;
        return new DirtyCurve(Memory, Points, CurveFit.Fit(Memory, moved, index => used[index]), IsSteady);
    }

    private static bool Agree(DirtyPoint[] same)
    {
        var error = Math.Sqrt(same.Sum(point => Math.Pow(point.StandardError ?? 0, 2)) / same.Length);
        return same.Max(point => point.Dirtied) - same.Min(point => point.Dirtied) <= Math.Max(Apart * error, same.Max(point => point.Dirtied) / Apart);
    }

    private static DirtyPoint Pool(long memory, DirtyPoint[] same)
    {
        var dirtied = (long)Math.Clamp(same.Average(point => (double)point.Dirtied), 0, memory);
        long? error = same.All(point => point.StandardError is null)
            ? null
            : (long)(Math.Sqrt(same.Sum(point => Math.Pow(point.StandardError ?? 0, 2))) / same.Length);
        return new DirtyPoint(same[0].Period, dirtied, error);
    }

    private static double Bisect(double low, double high, Func<double, bool> tooLow)
    {
        for (var i = 0; i < Halvings; i++)
        {
            var middle = Math.Sqrt(Math.Max(low, 1e-6) * high);
            (low, high) = tooLow(middle) ? (middle, high) : (low, middle);
        }

        return high;
    }
}
