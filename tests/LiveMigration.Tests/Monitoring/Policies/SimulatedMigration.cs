using LiveMigration.Monitoring;
using LiveMigration.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

/// <summary>Pages that are written equally often.</summary>
/// <param name="MiB">How much memory they are.</param>
/// <param name="Rate">Writes per second of each, by the time.</param>
internal sealed record Pages(double MiB, Func<double, double> Rate)
{
    internal Pages(double mebibytes, double rate)
        : this(mebibytes, _ => rate)
    {
    }
}

/// <summary>How a simulated migration went.</summary>
internal sealed record Simulated(string End, double Seconds, double Downtime, double PostCopy, double Lost, IReadOnlyList<(double At, int Pass, PolicyDecision Decision)> Decisions)
{
    /// <summary>What was done after the first setting of the downtime.</summary>
    internal IEnumerable<(double At, int Pass, PolicyDecision Decision)> Actions =>
        Decisions.Where(one => one.Decision is not (PolicyDecision.Wait or PolicyDecision.Notify) && !(one is { At: < 1, Decision: PolicyDecision.SetMaxDowntime }));
}

/// <summary>
/// Pre-copy in small steps, as QEMU does it: pages that were written since the last look are sent in the next pass, and it looks again when no
/// more is left than fits into the downtime. A policy is told what libvirt tells, when libvirt tells it.
/// </summary>
internal sealed class SimulatedMigration(double memory, double rate, params Pages[] guest)
{
    private const long MiB = 1 << 20;

    private readonly double[] _pending = Array.ConvertAll(guest, _ => 1.0);
    private readonly double[] _written = new double[guest.Length];
    private readonly double _cold = memory - guest.Sum(pages => pages.MiB);

    /// <summary>In seconds.</summary>
    internal double Step { get; init; } = 0.01;

    /// <summary>How long after a pass began its statistics are read, in seconds.</summary>
    internal double Delay { get; init; } = 0.03;

    /// <summary>What QEMU measures is so much off, up and down.</summary>
    internal double Noise { get; init; } = 0.03;

    /// <summary>Is told what the policy is told.</summary>
    internal Action<PolicySample>? Seen { get; init; }

    /// <summary>How many bytes of pages each byte sent stands for, from the second pass on.</summary>
    internal double Compression { get; init; } = 1;

    internal bool PostCopyPossible { get; init; } = true;

    internal bool HasVfio { get; init; }

    internal Simulated Run(MigrationPolicy policy, double giveUp = 3600, int seed = 1, Func<PolicyDecision, bool>? refuse = null)
    {
        var random = new Random(seed);
        var steering = policy.Start(new PolicyFacts { MemorySize = new ByteSize((long)memory * MiB), PostCopyPossible = PostCopyPossible, HasVfio = HasVfio });
        var decisions = new List<(double, int, PolicyDecision)>();
        double now = 0, limit = 0.3, sent = 0, cold = _cold, lost = 0, nextAsk = 0, sinceLook = 0, sinceThrottle = 0, dirtiedSince = 0, sentSince = 0;
        var (pass, throttle, twice, suspended) = (1, 0, false, (double?)null);
        double? announced = 0;
        while (now < giveUp)
        {
            if (now >= nextAsk || now >= announced + Delay)
            {
                (nextAsk, announced) = (now + steering.Interval.TotalSeconds, now >= announced + Delay ? null : announced);
                var sample = Sample(random);
                Seen?.Invoke(sample);
                foreach (var decision in steering.Decide(sample))
                {
                    decisions.Add((now, pass, decision));
                    if (refuse?.Invoke(decision) is true && decisions.Count(one => one.Item3.GetType() == decision.GetType()) <= 2)
                    {
                        steering.Refused(decision);
                        continue;
                    }

                    switch (decision)
                    {
                        case PolicyDecision.SetMaxDowntime set:
                            limit = set.Downtime.Value.TotalSeconds;
                            break;
                        case PolicyDecision.SetBandwidth:
                            break;
                        case PolicyDecision.StartPostCopy:
                            var rest = (cold + Sum(index => 1 - (1 - _pending[index]) * (1 - _written[index]))) / rate;
                            return new Simulated("post-copy", now + rest, 0.05, rest, lost, decisions);
                        case PolicyDecision.Suspend:
                            suspended = now;
                            break;
                        case PolicyDecision.Abort:
                            return new Simulated("abort", now, 0, 0, lost, decisions);
                    }
                }
            }

            var left = Left();
            sinceLook += Step;
            if (left <= limit * rate && (pass > 1 || sinceLook >= 0.1 || left == 0))
            {
                sinceLook = 0;
                dirtiedSince += Sum(index => _written[index]);
                for (var index = 0; index < guest.Length; index++)
                    (_pending[index], _written[index]) = (1 - (1 - _pending[index]) * (1 - _written[index]), 0);
                if (Left() <= limit * rate)
                    return new Simulated("done", now + Left() / rate, (suspended is { } at ? now - at : 0) + Left() / rate + 0.03, 0, lost, decisions);
                (pass, announced) = (pass + 1, now);
                if (policy.AutoConverge && now - sinceThrottle > 1)
                {
                    if (dirtiedSince > 0.5 * sentSince)
                    {
                        if (twice)
                            throttle = throttle == 0 ? 20 : Math.Min(99, throttle + 10);
                        twice = !twice;
                    }

                    (sinceThrottle, dirtiedSince, sentSince) = (now, 0, 0);
                }
            }

            Move();
        }

        return new Simulated("never", now, 0, 0, lost, decisions);

        void Move()
        {
            var left = Left();
            var compression = pass > 1 ? Compression : 1;
            var amount = Math.Min(left, rate * compression * Step);
            var kept = left > 0 ? 1 - amount / left : 0;
            cold *= kept;
            for (var index = 0; index < guest.Length; index++)
            {
                _pending[index] *= kept;
                if (suspended is null)
                    _written[index] = 1 - (1 - _written[index]) * Math.Exp(-guest[index].Rate(now) * Step * (1 - throttle / 100.0));
            }

            now += Step;
            sent += amount / compression;
            sentSince += amount / compression;
            lost += Step * throttle / 100.0;
        }

        double Left() => cold + Sum(index => _pending[index]);

        double Sum(Func<int, double> share)
        {
            var sum = 0.0;
            for (var index = 0; index < guest.Length; index++)
                sum += guest[index].MiB * share(index);
            return sum;
        }

        PolicySample Sample(Random random) => new()
        {
            Elapsed = TimeSpan.FromSeconds(now),
            Phase = MigrationPhase.Copying,
            Iteration = pass,
            Remaining = new ByteSize((long)(Left() * MiB)),
            Transferred = new ByteSize((long)(sent * MiB)),
            Rate = now == 0 ? null : Bandwidth.FromBytes((long)(rate * (1 + Noise * (2 * random.NextDouble() - 1)) * MiB)),
            Throttle = throttle,
        };
    }
}
