using LiveMigration.Forecasting;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies.Rules;

/// <summary>
/// Decides by a forecast that is made at each pass. It acts when two passes in turn say the same, or the deadline leaves no time for that; what it
/// does it does once, to the full, and it never takes anything back.
/// </summary>
internal sealed class AdaptiveRule : ConvergenceRule
{
    /// <summary>How many guests that fit what was seen are looked at.</summary>
    private const int Guests = 24;

    /// <summary>Of them, so many have to end in time before something is relied on; as few, and it is not hoped for any more.</summary>
    private const double Likely = 0.85;
    private const double Unlikely = 0.2;

    /// <summary>Where nothing can be relied on, this is tried.</summary>
    private const double Possible = 0.3;

    /// <summary>A limit is raised by this factor at the least.</summary>
    private const double Raise = 1.2;

    /// <summary>By less than this factor, not even to the largest that is permitted.</summary>
    private const double Worth = 1.05;

    /// <summary>What switching over takes besides sending the rest, in seconds.</summary>
    private const double Devices = 0.05;

    /// <summary>What is done otherwise than waiting has to harm less by this factor, and by this much.</summary>
    private const double Cheaper = 0.7;
    private const double Gain = 0.25;

    /// <summary>Where nothing helps, it looks again after so many seconds.</summary>
    private const double Pace = 1;

    /// <summary>A pass that begins with less than this share of what the last one began with.</summary>
    private const double Shrinking = 0.75;

    /// <summary>So many passes without less left than before are standing still.</summary>
    private const int Patience = 5;

    private readonly AdaptiveControl _control;
    private readonly CompletionTimeout _timeout;
    private readonly PassHistory _history;
    private readonly double _deadline;
    private readonly bool _autoConverge;
    private readonly bool _vfio;
    private bool _postCopy;
    private bool _force;

    private double _limit;
    private double _before;
    private int _iteration;
    private double _least = double.PositiveInfinity;
    private int _sinceLeast;
    private double _previous;
    private bool _shrinks;
    private int _agreed;
    private int _throttle;
    private PolicyDecision? _last;
    private bool _told;
    private double _next;

    /// <summary>Whether it was switched to post-copy, or the VM paused: nothing more is decided then but to give up.</summary>
    private bool _forced;
    private (double At, double Left)? _firstSeen;

    internal AdaptiveRule(AdaptiveControl control, MigrationPolicy policy, PolicyFacts facts)
    {
        _control = control;
        _timeout = policy.Timeout!;
        _deadline = _timeout.For(facts.DataSize(policy.DataSize)).TotalSeconds;
        _history = new PassHistory(facts.MemorySize.Bytes);
        _limit = control.Initial(policy.Downtime).Downtime.Value.TotalSeconds;
        _autoConverge = policy.AutoConverge;
        _postCopy = policy.PostCopy && facts.MayPostCopy;
        _force = _timeout.Action is CompletionAction.Suspend or CompletionAction.ForceComplete;
        _vfio = facts.HasVfio;
    }

    private double Max => _control.MaxDowntime.Value.TotalSeconds;

    internal override IEnumerable<PolicyDecision> Decide(PolicySample sample)
    {
        var now = sample.Elapsed.TotalSeconds;
        if (now > _deadline)
            return !_forced ? [AtDeadline(sample)] : now > _deadline * _timeout.AbortAtFactor ? [Late(sample)] : [];
        if (sample is not { Phase: MigrationPhase.Copying, Iteration: { } iteration, Remaining.Bytes: var remaining } || _forced)
            return [];
        if (sample.Rate is { BytesPerSecond: > 0 and var rate })
            _history.Send(rate);
        if (_history.Rate == 0)
            return [];
        var begins = iteration > _iteration;
        if (begins)
            Begin(sample, iteration, remaining);
        _throttle = sample.Throttle ?? 0;
        _firstSeen ??= (now, remaining);
        var decision = LatestMoment(sample, remaining) ?? (begins && _history.Known >= 1 && now >= _next ? AtPass(sample, remaining) : null);
        return decision is null ? [] : [decision];
    }

    /// <summary>A limit that was refused is not in force; post-copy and a pause are not tried again.</summary>
    internal override bool Refused(PolicyDecision decision)
    {
        if (decision != _last)
            return false;
        _agreed = 0;
        switch (decision)
        {
            case PolicyDecision.SetMaxDowntime:
                _limit = _before;
                _force &= !_forced; // For a VFIO device a limit is the pause.
                break;
            case PolicyDecision.StartPostCopy:
                _postCopy = false;
                break;
            case PolicyDecision.Suspend:
                _force = false;
                break;
        }

        _forced = false;
        return true;
    }

    private void Begin(PolicySample sample, int iteration, long remaining)
    {
        _history.Begin(sample.Elapsed.TotalSeconds, iteration, remaining, sample.Transferred?.Bytes ?? 0, _limit * _history.Rate, _throttle / 100.0);
        _iteration = iteration;
        _shrinks = remaining < Shrinking * _previous;
        _previous = remaining;
        _sinceLeast++;
        if (remaining < 0.95 * _least || _history.HasChanged)
            (_least, _sinceLeast) = (remaining, 0);
        if (_history.HasChanged)
            _agreed = 0;
    }

    /// <summary>Where the latest moment could not be seen (disks were copied, the host was silent), what is to be done at the deadline is done now.</summary>
    private PolicyDecision AtDeadline(PolicySample sample)
    {
        var late = Late(sample);
        if (_postCopy && _timeout.Action is CompletionAction.ForceComplete or CompletionAction.PostCopy)
            return Make(new PolicyDecision.StartPostCopy(), late.Reason);
        return _force ? MakePause(sample.Remaining?.Bytes / Sending ?? _deadline, late.Reason) : late;
    }

    private PolicyDecision.Abort Late(PolicySample sample) =>
        new(AbortCause.Timeout) { Reason = $"The migration takes longer than {Time(_deadline)}{sample.Describe()}." };

    /// <summary>How fast pages go, as compressed as they are; in post-copy QEMU does not compress them.</summary>
    private double Sending => _history.Rate * _history.Compression;

    /// <summary>What has to be done now, or would not end in time any more.</summary>
    private PolicyDecision? LatestMoment(PolicySample sample, long remaining)
    {
        var (now, sending) = (sample.Elapsed.TotalSeconds, _postCopy ? _history.Rate : Sending);
        // Pages of zeros go faster than anything is sent.
        if (_iteration <= 1 && _firstSeen is { } first)
        {
            if (now - first.At < 2)
                return null;
            sending = Math.Max(sending, (first.Left - remaining) / (now - first.At));
        }

        var (rest, time) = (remaining / sending, _deadline - now);
        // QEMU compares with what it would send uncompressed.
        if (rest * 1.2 + 1 < time || remaining <= _history.Rate * _limit)
            return null;
        var late = $"{new ByteSize(remaining)} are left, and {Time(time)} until the migration has to be over";
        if (_postCopy && (rest <= time || _timeout.Action is CompletionAction.ForceComplete or CompletionAction.PostCopy))
            return Make(new PolicyDecision.StartPostCopy(), $"{late}: it is switched to post-copy.");
        if (_force)
            return MakePause(rest, $"{late}: the VM is paused, so that they can be sent.");
        // With a guest that wrote nothing from now on it would still be too late.
        return remaining / Sending > 1.5 * time && _iteration > 1
            ? Make(new PolicyDecision.Abort(AbortCause.Timeout), $"{late}, which is too little time at {Bandwidth.FromBytes((long)Sending)}, whatever is done.")
            : null;
    }

    private PolicyDecision? AtPass(PolicySample sample, long remaining)
    {
        var guests = _history.Possible(Guests);
        var time = _deadline - sample.Elapsed.TotalSeconds;
        var wait = Forecast(guests, _limit, time);
        var stands = wait.Probability < Likely && _sinceLeast >= Patience;
        var ends = wait.Probability >= Likely;
        if (!ends && !stands && wait.Probability > Unlikely)
        {
            _agreed = 0;
            return null;
        }

        var best = Cheapest(guests, time, remaining);
        if (ends && (best is not { Cost: var cost } || cost > Cheaper * wait.Cost || cost > wait.Cost - Gain))
        {
            _agreed = 0;
            return null;
        }

        var hurry = best is { Seconds: var takes } && time < 2 * (takes + remaining / Sending);
        // While much less is left with each pass, they become shorter, and what the VM changes in so short a time was not seen yet.
        if ((++_agreed < 2 || (_shrinks && !ends)) && !hurry)
            return null;
        if (best is { } option)
            return Make(option.Decision, $"{(ends ? Slowly(wait) : Never(guests, stands))} {option.Words}", option.IsPause);
        return Tell(guests, stands, sample.Elapsed.TotalSeconds);
    }

    /// <summary>Of what is permitted and ends it in time, what harms least.</summary>
    private Option? Cheapest(PassState[] guests, double time, long remaining)
    {
        var options = new List<Option>();
        foreach (var limit in Limits(guests))
        {
            var forecast = Forecast(guests, limit, time);
            if (forecast.Probability >= Likely)
                options.Add(new(new PolicyDecision.SetMaxDowntime(Exactly(limit)), forecast.Cost, forecast.Seconds, $"With {Exactly(limit)} it ends in about {Time(forecast.Seconds)}."));
        }

        var (size, rest, fetched) = (new ByteSize(remaining), remaining / Sending, remaining / _history.Rate);
        if (_postCopy && fetched < time)
            options.Add(new(new PolicyDecision.StartPostCopy(), _control.PostCopyWeight * Math.Max(1, fetched) + _control.TimeWeight * fetched, fetched, $"It is switched to post-copy; the {size} that are left follow in about {Time(fetched)}."));
        if (_force && rest < time)
            options.Add(new(Pause(rest), _control.PauseWeight * (rest + Devices) + _control.TimeWeight * rest, rest, $"The VM is paused for about {Time(rest)}, so that the {size} that are left can be sent.", IsPause: true));

        if (options.Count > 0 || Max < _limit * Worth)
            return options.MinBy(option => option.Cost);
        var most = Forecast(guests, Max, time);
        return most.Probability >= Possible
            ? new(new PolicyDecision.SetMaxDowntime(Exactly(Max)), most.Cost, most.Seconds, $"With the {Exactly(Max)} that are permitted it may end, in about {Time(most.Seconds)}.")
            : null;
    }

    /// <summary>The limits that are worth a look: from the smallest that can do, in ever larger steps, to the largest that is permitted.</summary>
    private IEnumerable<double> Limits(PassState[] guests)
    {
        if (Max < _limit * Worth)
            yield break;
        for (var limit = Math.Max(_limit * Raise, 1.1 * Needed(guests)); limit < Max; limit *= 1.15)
            yield return Math.Min(Max, Math.Ceiling(limit * 100) / 100);
        yield return Max;
    }

    private double Needed(PassState[] guests) => _history.Compression * guests.Select(guest => guest.Curve.Floor(_history.Rate * _history.Compression)).Order().ElementAt(guests.Length / 2);

    private Forecasted Forecast(PassState[] guests, double limit, double time)
    {
        var random = new Random(2);
        var ended = new List<PreCopyOutcome>();
        foreach (var guest in guests)
        {
            var outcome = guest.Run(_history.Rate * (0.95 + 0.1 * random.NextDouble()), _history.Compression, limit, time, _autoConverge ? _throttle : null, random);
            if (outcome.Ended && outcome.Seconds + PauseOf(outcome.Remaining) <= time)
                ended.Add(outcome);
        }

        if (ended.Count == 0)
            return new Forecasted(0, double.PositiveInfinity, double.PositiveInfinity);
        var seconds = Middle(outcome => outcome.Seconds);
        var pause = PauseOf(Middle(outcome => outcome.Remaining));
        return new Forecasted(
            ended.Count / (double)guests.Length,
            seconds + pause,
            _control.PauseWeight * pause + _control.ThrottleWeight * Middle(outcome => outcome.Lost) + _control.TimeWeight * (seconds + pause));

        double PauseOf(double remaining) => remaining / Sending + Devices;

        double Middle(Func<PreCopyOutcome, double> value) => ended.Select(value).Order().ElementAt(ended.Count / 2);
    }

    /// <summary>Once: nothing that is permitted helps, and it may still become quieter.</summary>
    private PolicyDecision.Notify? Tell(PassState[] guests, bool stands, double now)
    {
        _next = now + Pace;
        if (_told)
            return null;
        _told = true;
        var needed = Needed(guests);
        var bandwidth = Bandwidth.FromBytes((long)guests.Select(guest => guest.Curve.After(_limit) / _limit).Order().ElementAt(guests.Length / 2));
        var remedies = new List<string>();
        if (double.IsFinite(needed) && needed > Max)
            remedies.Add($"a downtime of about {Time(needed)} ({_control.MaxDowntime} is permitted)");
        // From long passes it does not follow how much is changed in a short time.
        if (bandwidth.BytesPerSecond > _history.Rate && _history.Length < 2 * _limit)
            remedies.Add($"a bandwidth of about {bandwidth}");
        if (!_postCopy)
            remedies.Add("post-copy");
        var would = remedies.Count == 0 ? "" : $" It would with {string.Join(", or ", remedies)}.";
        return new PolicyDecision.Notify { Reason = $"{Never(guests, stands)}{would} It goes on until {Time(_deadline)} are over, in case the VM becomes quieter." };
    }

    private string Never(PassState[] guests, bool stands) => stands || Needed(guests) <= _limit
        ? $"With a downtime of {Exactly(_limit)} the migration does not end in time."
        : $"With a downtime of {Exactly(_limit)} the migration never ends: {new ByteSize((long)(_history.Rate * _limit))} can be sent in that time, and this pass begins with {new ByteSize((long)_history.Left)} that the VM has changed.";

    private string Slowly(Forecasted wait) => $"With a downtime of {Exactly(_limit)} the migration would take about {Time(wait.Seconds)} more.";

    private PolicyDecision Pause(double rest) =>
        _vfio ? new PolicyDecision.SetMaxDowntime(Time(Math.Min(2 * rest + 1, DowntimeSchedule.Most.TotalSeconds))) : new PolicyDecision.Suspend();

    private PolicyDecision MakePause(double rest, string reason) => Make(Pause(rest), reason, isPause: true);

    private PolicyDecision Make(PolicyDecision decision, string reason, bool isPause = false)
    {
        _last = decision with { Reason = reason };
        _agreed = 0;
        if (decision is PolicyDecision.SetMaxDowntime { Downtime: var downtime })
        {
            (_before, _limit) = (_limit, downtime.Value.TotalSeconds);
            (_least, _sinceLeast) = (double.PositiveInfinity, 0);
            _forced = isPause;
        }
        else
        {
            _forced = true;
        }

        return _last;
    }

    /// <summary>In whole milliseconds, and never more than is permitted.</summary>
    private static Duration Exactly(double seconds) => TimeSpan.FromMilliseconds(Math.Floor(seconds * 1000 + 0.001));

    /// <summary>To a tenth of a second, where it is longer than a second.</summary>
    private static Duration Time(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000 / (seconds < 1 ? 1 : 100)) * (seconds < 1 ? 1 : 100));

    private readonly record struct Forecasted(double Probability, double Seconds, double Cost);

    private sealed record Option(PolicyDecision Decision, double Cost, double Seconds, string Words, bool IsPause = false);
}
