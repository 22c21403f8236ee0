namespace LiveMigration.Forecasting;

/// <summary>
/// Pre-copy pass by pass, as QEMU does it. A pass ends, and the dirty pages are looked at again, when no more is left than can be sent in the
/// downtime; what is left then is sent in the next one.
/// </summary>
internal static class PreCopySimulation
{
    /// <summary>QEMU sends a limited rate in steps of this length, an unlimited one in turns of at most half of it.</summary>
    private const double Step = 0.1;

    private const double Look = 5;

    /// <summary>So long, and so many passes, without less left than ever before: it never ends.</summary>
    private const double Patience = 20;

    private const int PatientPasses = 200;

    internal static PreCopyOutcome Run(DirtyCurve curve, PreCopyTerms terms, Random random)
    {
        var written = curve.Classes.Sum(one => one.Bytes);
        PageClass[] classes = [.. curve.Classes, new PageClass(Math.Max(0, terms.Bytes - written), 0)];
        return Run(classes, Array.ConvertAll(classes, _ => 1.0), 1, terms, random);
    }

    /// <summary>From the beginning of a pass on.</summary>
    /// <param name="classes">The guest's pages.</param>
    /// <param name="shares">The share of each class that this pass has to send.</param>
    /// <param name="first">Which pass it is.</param>
    /// <param name="terms">What is simulated.</param>
    /// <param name="random">Chance.</param>
    internal static PreCopyOutcome Run(PageClass[] classes, double[] shares, int first, PreCopyTerms terms, Random random)
    {
        double[] pending = [.. shares];
        var threshold = terms.BytesPerSecond * terms.Downtime;
        var throttle = new AutoConverge(terms.Throttle);
        double seconds = 0, bytes = 0, lost = 0, least = double.PositiveInfinity, leastAt = 0;
        var leastPass = 0;
        for (var pass = first; ; pass++)
        {
            var left = Left();
            if (pass == 2 && terms.SwitchAfterFirstPass)
                return new PreCopyOutcome(true, seconds, bytes, pass, left, throttle.Percent, lost, Switched: left > threshold);
            if (left <= threshold && (pass > 1 || left == 0))
                return new PreCopyOutcome(seconds <= terms.Deadline, seconds, bytes, pass, left, throttle.Percent, lost);
            if (left < 0.999 * least)
                (least, leastAt, leastPass) = (left, seconds, pass);
            if (seconds > terms.Deadline || (seconds - leastAt > Patience && pass - leastPass > PatientPasses && (!terms.AutoConverge || throttle.Percent == 99)))
                return new PreCopyOutcome(false, seconds, bytes, pass, least, throttle.Percent, lost);
            var over = Math.Max(0, threshold - random.NextDouble() * (terms.IsLimited ? Step : Step / 2) * terms.BytesPerSecond);
            var length = (left - over) / terms.BytesPerSecond;
            // QEMU does not know how fast it sends before the first step.
            if (pass == 1)
                length = Math.Max(length, Math.Min(Step, left / terms.BytesPerSecond));
            if (terms is { AutoConverge: true, LooksWithinPasses: true } && pass > 1)
                length = Math.Min(length, Look);
            var switching = terms.SwitchAt is { } at && seconds + length >= at;
            if (switching)
                length = Math.Max(0, terms.SwitchAt!.Value - seconds);
            var dirtied = Send(length, left);
            seconds += length;
            lost += length * throttle.Percent / 100.0;
            bytes += length * terms.BytesPerSecond;
            if (switching)
                return new PreCopyOutcome(true, seconds, bytes, pass, Left(), throttle.Percent, lost, Switched: true);
            if (terms.AutoConverge)
                throttle.Look(length, dirtied, length * terms.BytesPerSecond);
        }

        double Left()
        {
            var sum = 0.0;
            for (var index = 0; index < classes.Length; index++)
                sum += classes[index].Bytes * pending[index];
            return sum;
        }

        // A part of each class is sent, and of all but what was not, a part is written.
        double Send(double length, double left)
        {
            var kept = Math.Max(0, 1 - length * terms.BytesPerSecond / left);
            var run = length * (1 - throttle.Percent / 100.0);
            var dirtied = 0.0;
            for (var index = 0; index < classes.Length; index++)
            {
                var again = classes[index].Written(run);
                var meanwhile = terms.ProtectsInParts && classes[index].Rate * run is > 0 and var writes ? 1 - again / writes : again;
                var waiting = pending[index] * kept;
                pending[index] = waiting + (pending[index] - waiting) * meanwhile + (1 - pending[index]) * again;
                dirtied += classes[index].Bytes * (pending[index] - waiting);
            }

            return dirtied;
        }
    }
}
