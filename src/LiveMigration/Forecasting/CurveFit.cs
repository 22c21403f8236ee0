namespace LiveMigration.Forecasting;

/// <summary>
/// Points of a dirty curve → classes of pages: non-negative least squares over fixed write rates, by coordinate descent. What comes out never
/// falls, never rises faster than before, and never exceeds the memory, whatever the noise of the points.
/// </summary>
internal static class CurveFit
{
    /// <summary>Write rates of the classes, per second: half a decade apart, from pages written all the time to those of a busy minute.</summary>
    internal static readonly double[] Rates = [40, 13, 4, 1.3, 0.4, 0.13, 0.04, 0.013];

    private const int Sweeps = 400;

    /// <summary>No point is trusted to more than this share of it: a guest does not do the same twice.</summary>
    private const double Jitter = 0.02;

    /// <summary>Fits the classes; pages that are in none are not written.</summary>
    /// <param name="memory">The guest's memory, in bytes.</param>
    /// <param name="points">The points.</param>
    /// <param name="uses">Whether a class, by its index, may be used.</param>
    internal static PageClass[] Fit(double memory, IReadOnlyList<DirtyPoint> points, Func<int, bool>? uses = null)
    {
        var bytes = Solve(
            memory,
            [.. points.Select(point => ((double)point.Dirtied, Math.Max(Math.Max(point.StandardError ?? 0, Jitter * point.Dirtied), 4096)))],
            Array.ConvertAll(Rates, rate => points.Select(point => new PageClass(1, rate).Written(point.Period.TotalSeconds)).ToArray()),
            uses);
        return [.. bytes.Select((amount, index) => new PageClass(amount, Rates[index])).Where(one => one.Bytes > 0)];
    }

    /// <summary>How many bytes each class has, none of them less than 0 and all together no more than there are.</summary>
    /// <param name="memory">All bytes there are.</param>
    /// <param name="points">What was seen, and its standard error.</param>
    /// <param name="shares">For each class, the share of it that is part of each point.</param>
    /// <param name="uses">Whether a class, by its index, may be used.</param>
    internal static double[] Solve(double memory, (double Seen, double Error)[] points, double[][] shares, Func<int, bool>? uses = null)
    {
        var weights = Array.ConvertAll(points, point => 1 / Square(point.Error));
        var residual = Array.ConvertAll(points, point => point.Seen);
        var bytes = new double[shares.Length];
        var sum = 0.0;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var index = 0; index < bytes.Length; index++)
            {
                if (uses?.Invoke(index) is false)
                    continue;
                double along = 0, size = 0;
                for (var i = 0; i < points.Length; i++)
                {
                    along += weights[i] * shares[index][i] * residual[i];
                    size += weights[i] * shares[index][i] * shares[index][i];
                }

                var step = size > 0 ? Math.Clamp(bytes[index] + along / size, 0, Math.Max(0, memory - sum + bytes[index])) - bytes[index] : 0;
                for (var i = 0; i < points.Length; i++)
                    residual[i] -= step * shares[index][i];
                bytes[index] += step;
                sum += step;
            }
        }

        return bytes;
    }

    private static double Square(double value) => value * value;
}
