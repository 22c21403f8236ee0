using LiveMigration.Interop.Libvirt;
using LiveMigration.Migration.Affinity;
using LiveMigration.State;
using LiveMigration.Tests.State;

namespace LiveMigration.Tests.Migration.Affinity;

public sealed class AffinityJournalTests : IDisposable
{
    private static readonly Guid Domain = Guid.NewGuid();
    private static readonly Guid Source = Guid.NewGuid();
    private static readonly Guid Destination = Guid.NewGuid();

    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void A_pinning_is_nobodys_when_its_client_has_ended_or_leaves_it()
    {
        var ours = new AffinityJournal(_state.Store);
        var entry = ours.Write(Domain, Source, Destination, [0xFF, 0x0F]);
        Assert.Empty(ours.Orphans());
        ours.Release(entry);
        Assert.Equal([0xFF, 0x0F], Assert.Single(ours.Orphans()).Former);
        ours.Remove(entry);
        Assert.Empty(ours.Orphans());

        var left = new AffinityJournal(_state.Dead).Write(Domain, Source, Destination, [1]);
        var orphan = Assert.Single(ours.Orphans());
        Assert.Equal(left, orphan with { Former = left.Former });
        Assert.True(orphan.IsFor(Source) && orphan.IsFor(Destination) && !orphan.IsFor(Domain));
    }

    [Theory]
    [InlineData("0", "not a bitmap")]
    [InlineData("not a UUID", "0F")]
    public void What_is_no_pinning_is_passed_over(string domain, string former)
    {
        _state.Dead.Records("affinity", "affinity").Write(Domain, ("domain", domain == "0" ? $"{Domain}" : domain), ("source", Source), ("destination", Destination), ("former", former));
        Assert.Empty(new AffinityJournal(_state.Store).Orphans());
    }

    [Theory]
    [InlineData(new[] { 0 }, 4, new byte[] { 1 })]
    [InlineData(new[] { 3, 1 }, 4, new byte[] { 0b1010 })]
    [InlineData(new[] { 0, 8, 15 }, 16, new byte[] { 1, 0b1000_0001 })]
    [InlineData(new[] { 8 }, 9, new byte[] { 0, 1 })]
    public void A_CPU_is_a_bit_of_libvirts_map(int[] cpus, int hostCpus, byte[] map) => Assert.Equal(map, EmulatorPin.Map(cpus, hostCpus));
}
