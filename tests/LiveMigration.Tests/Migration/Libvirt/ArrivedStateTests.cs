using LiveMigration.Domains;
using LiveMigration.Hypervisors;
using LiveMigration.Migration.Libvirt;

namespace LiveMigration.Tests.Migration.Libvirt;

/// <summary>M7, R5: running, paused by an error and paused on purpose are three answers.</summary>
public sealed class ArrivedStateTests
{
    private const int Booted = 1, Migrated = 2, User = 1, IoError = 5, Watchdog = 6, Unpaused = 5;

    [Theory]
    [InlineData(DomainState.Running, Booted, DomainState.Running, Migrated, true, "active on b")]
    [InlineData(DomainState.Running, Booted, DomainState.Paused, IoError, false, "active on b")]
    [InlineData(DomainState.Running, Booted, DomainState.Paused, Watchdog, false, "active on b")]
    [InlineData(DomainState.Running, Booted, DomainState.Paused, User, true, "active on b")] // Somebody has paused it meanwhile.
    [InlineData(DomainState.Running, Booted, DomainState.ShutOff, 1, false, "active on b")]
    [InlineData(DomainState.Paused, User, DomainState.Paused, User, true, "paused on b, as before")]
    [InlineData(DomainState.Paused, User, DomainState.Running, Unpaused, false, "paused on b, as before")]
    [InlineData(DomainState.Paused, User, DomainState.Paused, IoError, false, "paused on b, as before")]
    [InlineData(DomainState.Paused, IoError, DomainState.Paused, IoError, true, "active on b")]
    public void A_guest_arrives_as_it_left(DomainState before, int why, DomainState arrived, int reason, bool isTrue, string what)
    {
        var fact = PostMigrationVerifier.StateFact(new(before, why), new(arrived, reason), "b");
        Assert.Equal((what, isTrue, new DomainStatus(arrived, reason).ToString()), (fact.What, fact.IsTrue, fact.Found));
    }

    [Theory]
    [InlineData(DomainState.Running, Migrated, nameof(GuestState.Running))]
    [InlineData(DomainState.Paused, User, nameof(GuestState.Paused))]
    [InlineData(DomainState.Paused, IoError, nameof(GuestState.PausedByError))]
    [InlineData(DomainState.Paused, 10, nameof(GuestState.PausedByError))]
    [InlineData(DomainState.Paused, 2, nameof(GuestState.PausedForMigration))]
    [InlineData(DomainState.Paused, 0, nameof(GuestState.PausedUnexplained))]
    public void What_pauses_a_guest_is_told_apart(DomainState state, int reason, string presence) => Assert.Equal(presence, $"{LibvirtPresence.Of(new(state, reason)).State}");

    [Fact]
    public void What_is_left_of_an_earlier_time_is_named()
    {
        Assert.Equal("none", PostMigrationVerifier.EarlierWords(saved: false, snapshots: 0));
        Assert.Equal("saved memory, from which it would start the next time", PostMigrationVerifier.EarlierWords(saved: true, snapshots: 0));
        Assert.Equal("snapshots (2)", PostMigrationVerifier.EarlierWords(saved: false, snapshots: 2));
    }
}
