using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Migration;

/// <summary>M4: a migration that another tool started is watched, and never touched.</summary>
public sealed class ObservedMigrationTests
{
    private static readonly MigrationOptions Patient = new() { StallTimeout = Duration.Parse("60s") };

    /// <summary>A broken connection is not the end of what another tool started.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    public async Task An_observed_migration_is_watched_through_silence(int seconds)
    {
        var given = new GivenMigration(foreign: true);
        given.Driver.Send();
        given.Driver.After(2, () => given.Driver.SourceIsSilent = true);
        given.Driver.After(2 + seconds, () => given.Driver.SourceIsSilent = false);
        given.Driver.After(10 + seconds, given.Driver.Complete);
        var result = await given.ObserveAsync();
        Assert.Equal((MigrationOutcome.Completed, MigrationVerdict.Moved), (result.Outcome, result.Verdict));
        Assert.Empty(given.Driver.Orders);
    }

    [Fact]
    public async Task An_observed_migration_whose_source_stays_silent_has_an_unknown_outcome()
    {
        var given = new GivenMigration(foreign: true);
        given.Driver.Send();
        given.Driver.After(2, () => given.Driver.SourceIsSilent = true);
        var result = await given.ObserveAsync();
        Assert.Equal((MigrationOutcome.Failed, Faults.OutcomeUnknown), (result.Outcome, result.Fault));
    }

    [Fact]
    public async Task An_observed_migration_is_not_ended_because_it_stands_still()
    {
        var given = new GivenMigration(Patient, foreign: true);
        given.Driver.Send();
        given.Driver.After(2, given.Driver.Stand);
        given.Driver.After(1000, given.Driver.Complete);
        Assert.Equal(MigrationOutcome.Completed, (await given.ObserveAsync()).Outcome);
        Assert.Empty(given.Driver.Orders);
    }

    /// <summary>It answers again just after it was given up, and sends as before.</summary>
    [Fact]
    public async Task An_observed_migration_that_is_still_under_way_has_not_stayed()
    {
        var given = new GivenMigration(foreign: true);
        given.Driver.Send();
        given.Driver.After(2, () => (given.Driver.SourceIsSilent, given.Driver.DestinationIsSilent) = (true, true));
        given.Driver.After(310, () => given.Driver.SourceIsSilent = false);
        Assert.Equal(MigrationVerdict.Unsettled, (await given.ObserveAsync()).Verdict);
    }

    [Fact]
    public async Task A_host_that_was_disconnected_is_no_reason_for_no_result()
    {
        var given = new GivenMigration(foreign: true);
        given.Driver.OpenError = new ObjectDisposedException(null, "a was disconnected.");
        given.Driver.SourceIsSilent = true;
        Assert.Equal(MigrationOutcome.Failed, (await given.ObserveAsync()).Outcome);
    }
}
