using FsCheck;
using FsCheck.Fluent;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration;

/// <summary>
/// M3, M4: for every order of what hosts, link, guest and user can do: never two running, never a success that is none, never a guest
/// that is called lost and runs, and always an end. LM_MIGRATIONS=100000 tries so many, and others each time.
/// </summary>
public sealed class MigrationPropertyTests
{
    private static readonly string? Asked = Environment.GetEnvironmentVariable("LM_MIGRATIONS");

    private static readonly Config Tries = Asked is null
        ? Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261128, 4711)
        : Config.QuickThrowOnFailure.WithMaxTest(int.Parse(Asked, System.Globalization.CultureInfo.InvariantCulture));

    private enum Happening
    {
        Pass,
        Stand,
        SwitchOver,
        DestinationStarts,
        Complete,
        Fail,
        FailWithLostTouch,
        CallReturnsEarly,
        PostCopy,
        BreakPostCopy,
        DestinationQemuDies,
        GuestShutsDown,
        GuestCrashes,
        SourceSilent,
        SourceAnswers,
        DestinationSilent,
        DestinationAnswers,
        PeerLost,
        AbortRefused,
        AbortIgnored,
        UserStops,
        UserDetaches,
        SignalsTwice,
    }

    /// <summary>After these it may be that nobody can tell.</summary>
    private static readonly HashSet<Happening> Confusing =
    [
        Happening.SourceSilent, Happening.DestinationSilent, Happening.AbortIgnored, Happening.AbortRefused, Happening.CallReturnsEarly,
        Happening.FailWithLostTouch, Happening.UserDetaches, Happening.DestinationStarts,
    ];

    private sealed record Step(int Milliseconds, Happening What);

    private sealed record Story(IReadOnlyList<Step> Steps, bool Silent, bool Recovers, TimeoutAction? OnTimeout, bool IsForeign)
    {
        public override string ToString() =>
            $"{(IsForeign ? "observed, " : "")}{(Recovers ? "recovers, " : "")}{(OnTimeout is { } action ? $"{action} on timeout, " : "")}{(Silent ? "hosts stay silent, " : "")}{string.Join(", ", Steps.Select(step => $"{step.What} at {step.Milliseconds} ms"))}";
    }

    private static readonly Gen<Story> Stories =
        from steps in (from at in Gen.Choose(0, 120_000) from what in Gen.Elements(Enum.GetValues<Happening>()) select new Step(at, what)).ListOf()
        from silent in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from recovers in Gen.Elements(true, false)
        from timeout in Gen.Elements<TimeoutAction?>(null, TimeoutAction.Abort, TimeoutAction.PostCopy, TimeoutAction.Suspend)
        from foreign in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Story([.. steps], silent, recovers, timeout, foreign);

    [Fact]
    public void Whatever_happens_nothing_is_lost_and_nothing_is_called_what_it_is_not() =>
        Prop.ForAll(Arb.From(Stories), story => Tell(story).GetAwaiter().GetResult()).Check(Tries);

    private static async Task Tell(Story story)
    {
        var given = new GivenMigration(
            new MigrationOptions
            {
                StallTimeout = Duration.Parse("20s"), PrepareTimeout = Duration.Parse("60s"), RecoverPostCopy = story.Recovers,
                Timeout = story.OnTimeout is null ? null : Duration.Parse("40s"), OnTimeout = story.OnTimeout,
            },
            story.IsForeign);
        var world = new World(given);
        if (story.IsForeign)
        {
            given.Driver.Send();
            world.Play(story);
        }

        given.Driver.Script = attempt =>
        {
            if (attempt == 1)
            {
                given.Driver.Send();
                world.Play(story);
            }
            else
            {
                world.Rejoin();
            }
        };
        var result = story.IsForeign ? await given.ObserveAsync() : await given.ExecuteAsync();

        var (source, destination) = (given.Driver.Source, given.Driver.Destination);
        Assert.False(world.RanTwice || given.Driver.RunsTwice, $"It ran twice: {result.Verdict}.");
        if (result.Outcome is MigrationOutcome.Completed)
            Assert.True(destination.IsExecuting && !source.IsExecuting, $"Completed, and {source} at the source, {destination} at the destination.");
        if (result.Outcome is MigrationOutcome.Cancelled)
            Assert.True(source.IsExecuting, $"Cancelled, and {source} at the source.");
        if (result.Verdict is MigrationVerdict.Stayed or MigrationVerdict.StayedPaused)
            Assert.True(source.IsActive, $"{result.Verdict}, and {source} at the source.");
        // A hypervisor that says that it ended, and lies, is believed.
        if (!story.Steps.Any(step => step.What is Happening.CallReturnsEarly))
            Assert.False(given.Setup.PutBackUnderWay, "It was put back while it was under way.");
        if (result.Verdict is MigrationVerdict.Lost or MigrationVerdict.ShutOff)
            Assert.False(source.IsExecuting || destination.IsExecuting, $"{result.Verdict}, and {source} at the source, {destination} at the destination.");
        if (!story.Silent && !story.Steps.Any(step => Confusing.Contains(step.What)))
            Assert.NotEqual(MigrationVerdict.Unsettled, result.Verdict);
        if (story.IsForeign)
            Assert.Empty(given.Driver.Orders);
        // What was promised to be disposed of is.
        Assert.True(given.Driver.IsDisposed);
        Assert.True(story.IsForeign || given.Setup.Steps[^1] == "dispose");
    }

    /// <summary>What can happen, as far as it can happen: a host does not do what it could not do then.</summary>
    private sealed class World
    {
        private readonly GivenMigration _given;
        private readonly ScriptedDriver _driver;
        private bool _over;

        internal World(GivenMigration given)
        {
            (_given, _driver) = (given, given.Driver);
            _driver.Aborting = Abort;
        }

        internal bool RanTwice { get; private set; }

        /// <summary>Whether the guest was started at the destination: from then on there is no way back.</summary>
        private bool IsHandedOver => _driver.Source.IsPostCopy || _driver.Destination.IsExecuting;

        internal void Play(Story story)
        {
            foreach (var step in story.Steps)
                _driver.After(step.Milliseconds / 1000.0, () => Do(step.What));
            // However it goes, the world comes to rest: hosts answer again, or never, and what is still under way completes or fails.
            _driver.After(200, () =>
            {
                if (!story.Silent)
                    (_driver.SourceIsSilent, _driver.DestinationIsSilent) = (false, false);
                _driver.Refused.Clear();
                _driver.Aborting = Abort;
                if (story.Steps.Count % 2 == 0 || IsHandedOver)
                    Do(Happening.Complete);
                else
                    Do(Happening.Fail);
            });
        }

        internal void Rejoin()
        {
            if (_driver.Source.State is not GuestState.PostCopyFailed || _driver.DestinationIsSilent || _driver.SourceIsSilent)
            {
                _driver.After(0.5, () => _driver.End(Failure(Faults.HostUnreachable)));
                return;
            }

            _driver.PostCopy();
            _over = false;
            _driver.After(5, () => Do(Happening.Complete));
        }

        private void Abort()
        {
            if (!_over && IsHandedOver)
                throw new LiveMigrationException(Faults.CannotAbortPostCopy, "it is there already.", "a");
            Do(Happening.Fail);
        }

        private void Do(Happening what)
        {
            switch (what)
            {
                case Happening.Pass when !_over && !IsHandedOver:
                    _driver.Pass();
                    break;
                case Happening.Stand:
                    _driver.Stand();
                    break;
                case Happening.SwitchOver when !_over && !IsHandedOver:
                    _driver.SwitchOver();
                    break;
                // The source has its half until it hears that the other one runs.
                case Happening.DestinationStarts when !_over && !IsHandedOver && _driver.Source.State is GuestState.PausedForMigration:
                    _driver.Destination = ScriptedDriver.Running;
                    break;
                case Happening.Complete when !_over && _driver.Source.State is not GuestState.PostCopyFailed:
                    _over = true;
                    _driver.Complete();
                    break;
                case Happening.Fail when !_over && !IsHandedOver:
                    _over = true;
                    _driver.Fail(Faults.MigrationFailed);
                    break;
                case Happening.FailWithLostTouch when !_over:
                    _driver.Fail(Faults.ConnectionLost, lostTouch: true);
                    break;
                case Happening.CallReturnsEarly:
                    _driver.End(null);
                    break;
                case Happening.PostCopy when !_over && !IsHandedOver:
                    _driver.PostCopy();
                    break;
                case Happening.BreakPostCopy when !_over && _driver.Source.State is GuestState.PostCopy:
                    _driver.Break();
                    break;
                case Happening.DestinationQemuDies when !_over:
                    _over = true;
                    if (_driver.Source.IsPostCopy)
                        _driver.Source = new GuestPresence(GuestState.PostCopyFailed, "Paused (post-copy failed)");
                    (_driver.Destination, _driver.IsUnderWay) = (GuestPresence.Absent, false);
                    _driver.End(Failure(Faults.DestinationQemuFailed));
                    break;
                case Happening.GuestShutsDown or Happening.GuestCrashes when !_over && !IsHandedOver:
                    _over = true;
                    var why = what is Happening.GuestCrashes ? GuestState.Crashed : GuestState.Ended;
                    _driver.Source = new GuestPresence(why, $"ShutOff ({why})");
                    _driver.Signal(new MigrationSignal.Stopped(why));
                    _driver.Fail(Faults.MigrationFailed);
                    break;
                case Happening.SourceSilent or Happening.SourceAnswers:
                    _driver.SourceIsSilent = what is Happening.SourceSilent;
                    break;
                case Happening.DestinationSilent or Happening.DestinationAnswers:
                    _driver.DestinationIsSilent = what is Happening.DestinationSilent;
                    break;
                case Happening.PeerLost:
                    _driver.LosePeer();
                    break;
                case Happening.AbortRefused:
                    _driver.Refused.Add("abort");
                    break;
                case Happening.AbortIgnored:
                    _driver.Aborting = () => { };
                    break;
                case Happening.UserStops when !_given.Run.IsForeign:
                    _given.Run.RequestStop(StopReason.Requested);
                    break;
                case Happening.UserDetaches:
                    _given.Run.Detach();
                    break;
                case Happening.SignalsTwice:
                    _driver.Signal(new MigrationSignal.SwitchedOver());
                    _driver.Signal(new MigrationSignal.PassBegan());
                    break;
            }

            RanTwice |= _driver.RunsTwice;
        }

        private static DriverFailure Failure(Fault fault) => new(new LiveMigrationException(fault, "it failed.", "a"));
    }
}
