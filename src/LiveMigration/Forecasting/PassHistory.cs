namespace LiveMigration.Forecasting;

/// <summary>
/// What the passes of a running migration tell about its guest. What a pass begins with was left over by the one before or was written meanwhile;
/// how much of each class of pages that is follows from how long the passes were, so how large the classes are can be solved for.
/// Times are seconds, sizes are bytes.
/// </summary>
/// <param name="memory">All there is to be sent at first.</param>
internal sealed class PassHistory(double memory)
{
    /// <summary>Each older pass counts less by this factor: guests change.</summary>
    private const double Forgetting = 1.3;

    /// <summary>No more than so many passes are looked back at; the first one is kept, since only that tells of pages that are seldom written.</summary>
    private const int Most = 12;

    /// <summary>What is seen of a pass is seen by so much too late, at the most.</summary>
    private const double Delay = 0.05;

    /// <summary>QEMU sends in turns of at most this length, so no more than this is left over less than the limit allows.</summary>
    private const double Turn = 0.1;

    /// <summary>Less than this is no compression: what is seen of a pass is not exact.</summary>
    private const double Compressed = 1.5;

    private readonly List<Beginning> _passes = [];
    private double _fastest;

    /// <summary>How many passes are known from their beginning to their end, since the guest last changed.</summary>
    internal int Known => Math.Max(0, _passes.Count - 1);

    /// <summary>What the latest pass began with.</summary>
    internal double Left => _passes.Count > 0 ? _passes[^1].Left : 0;

    /// <summary>How long the last whole pass took.</summary>
    internal double Length { get; private set; }

    /// <summary>Bytes sent per second; 0 until that is known.</summary>
    internal double Rate { get; private set; }

    /// <summary>How many bytes of pages a byte that is sent stands for: more than 1 where pages are compressed.</summary>
    internal double Compression { get; private set; } = 1;

    /// <summary>Whether the last pass was not at all what those before it let expect.</summary>
    internal bool HasChanged { get; private set; }

    /// <summary>Tells how fast is sent.</summary>
    internal void Send(double bytesPerSecond)
    {
        _fastest = Math.Max(_fastest, bytesPerSecond);
        Rate = Rate == 0 ? bytesPerSecond : 0.7 * Rate + 0.3 * bytesPerSecond;
    }

    /// <summary>A pass begins.</summary>
    /// <param name="at">When.</param>
    /// <param name="iteration">Which one it is; those that nobody saw begin are taken for equally long.</param>
    /// <param name="left">What it has to send.</param>
    /// <param name="transferred">What was sent before it, in all.</param>
    /// <param name="threshold">What may be left for the downtime.</param>
    /// <param name="throttle">How much the guest was slowed down until now, 0 to 1.</param>
    internal void Begin(double at, int iteration, double left, double transferred, double threshold, double throttle)
    {
        if (_passes.Count == 0)
        {
            // Of a migration that was not watched from its beginning, no more is known than that something was dirtied in about this time.
            var before = iteration > 1 && Rate > 0 ? left / Rate : double.PositiveInfinity;
            _passes.Add(new Beginning(at, iteration, left, transferred, [.. CurveFit.Rates.Select(rate => new PageClass(1, rate).Written(before)), iteration > 1 ? 0 : 1]));
            return;
        }

        var last = _passes[^1];
        var passes = Math.Max(1, iteration - last.Iteration);
        Length = (at - last.At) / passes;
        var kept = Kept(last, left, transferred - last.Transferred, threshold, passes);
        // Of the first pass, pages of zeros are not sent either.
        if (last.Iteration > 1 && passes == 1 && transferred > last.Transferred)
        {
            var ratio = Math.Clamp((last.Left - Math.Min(last.Left, threshold)) / (transferred - last.Transferred), 1, 50);
            Compression = Compression == 1 ? ratio : (Compression + ratio) / 2;
            if (Compression < Compressed)
                Compression = 1;
        }

        double[] pending = [.. last.Pending];
        for (var pass = 0; pass < passes; pass++)
        {
            for (var index = 0; index < pending.Length; index++)
                pending[index] = 1 - (1 - pending[index] * kept) * Math.Exp(-RateOf(index) * Length * (1 - throttle));
        }

        HasChanged = Known >= 2 && Expected(pending) is var expected && Math.Max(left, expected) > 0.2 * Rate && (left > 2 * expected || left < expected / 2);
        if (HasChanged)
            _passes.Clear();
        else if (_passes.Count == Most)
            _passes.RemoveAt(1);
        _passes.Add(new Beginning(at, iteration, left, transferred, pending));
    }

    /// <summary>The guest as it most likely is, at the beginning of this pass.</summary>
    internal PassState Likely() => State(null);

    /// <summary>Guests that could all have been seen so.</summary>
    internal PassState[] Possible(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => State(random))];
    }

    private PassState State(Random? random)
    {
        var points = new (double, double)[_passes.Count];
        for (var index = 0; index < points.Length; index++)
        {
            var error = Math.Max(0.03 * _passes[index].Left, Math.Max(Delay * Rate / 2, 4096)) * Math.Pow(Forgetting, points.Length - 1 - index);
            points[index] = (Math.Max(0, _passes[index].Left + (random?.Normal() ?? 0) * error), error);
        }

        bool[]? used = random is null ? null : [.. CurveFit.Rates.Select(_ => random.NextDouble() < 0.75), true];
        if (used is not null)
            used[random!.Next(used.Length - 1)] = true;
        var bytes = CurveFit.Solve(memory, points, Shares(), used is null ? null : index => used[index]);
        PageClass[] classes = [.. bytes.Select((amount, index) => new PageClass(amount, RateOf(index)))];
        var sum = 0.0;
        for (var index = 0; index < bytes.Length; index++)
            sum += bytes[index] * _passes[^1].Pending[index];
        // What this pass has to send is known; no fit goes through it exactly.
        var scale = sum > 0 ? Left / sum : 1;
        return new PassState(classes, [.. _passes[^1].Pending.Select(share => Math.Min(1, share * scale))], memory);
    }

    private double Expected(double[] pending)
    {
        var bytes = CurveFit.Solve(memory, [.. _passes.Select(pass => (pass.Left, Math.Max(0.03 * pass.Left, 4096)))], Shares());
        var sum = 0.0;
        for (var index = 0; index < bytes.Length; index++)
            sum += bytes[index] * pending[index];
        return sum;
    }

    private double[][] Shares() => [.. Enumerable.Range(0, CurveFit.Rates.Length + 1).Select(index => _passes.Select(pass => pass.Pending[index]).ToArray())];

    /// <summary>The share of a pass that was not sent: QEMU looks at the dirty pages again as soon as what is left fits into the downtime.</summary>
    private double Kept(Beginning pass, double left, double sent, double threshold, int passes)
    {
        var average = passes == 1 ? pass.Left : (pass.Left + left) / 2;
        if (average <= 0)
            return 0;
        var over = Math.Clamp(passes == 1 && pass.Iteration > 1 ? average - sent : threshold - Turn / 2 * Rate, Math.Max(0, threshold - Turn * _fastest), threshold);
        return Math.Min(1, over / average);
    }

    private static double RateOf(int index) => index < CurveFit.Rates.Length ? CurveFit.Rates[index] : 0;

    /// <summary>The beginning of a pass, and the share of each class that it has to send; the last class is not written.</summary>
    private sealed record Beginning(double At, int Iteration, double Left, double Transferred, double[] Pending);
}
