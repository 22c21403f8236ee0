using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Journals;

namespace LiveMigration.Tests.Evacuation;

public sealed class RecordedHostTests
{
    private const string One = "44454c4c-3500-1051-8052-b4c04f344b32";
    private const string Other = "6695eb01-f6a4-8304-79aa-97f2502e1193";

    [Theory]
    [InlineData(One, "qemu+ssh://a/system", One, true)]
    [InlineData(One, "qemu+tls://a/system", One, true)]
    [InlineData(One, "qemu+ssh://a/system", Other, false)]
    [InlineData(null, "qemu+ssh://a/system", Other, true)]
    [InlineData(null, "qemu+ssh://b/system", Other, false)]
    [InlineData(One, "qemu+ssh://a/system", null, true)]
    [InlineData(One, "qemu+ssh://b/system", null, false)]
    public void A_host_is_the_same_by_its_UUID_and_by_its_URI_where_a_UUID_is_not_known(string? recorded, string uri, string? uuid, bool same) =>
        Assert.Equal(same, new RecordedHost("a", "qemu+ssh://a/system", recorded is null ? null : Guid.Parse(recorded)).Mismatch(uri, uuid is null ? null : Guid.Parse(uuid)) is null);

    [Fact]
    public void A_journal_keeps_a_host_and_an_earlier_one_had_no_UUID()
    {
        var host = new RecordedHost("a", "qemu+ssh://a/system", Guid.Parse(One));

        Assert.Equal(host, RecordedHost.Read(host.Write()));
        Assert.Equal(host with { Uuid = null }, RecordedHost.Read(JournalStep.Of("host", ("name", "a"), ("uri", "qemu+ssh://a/system"))));
    }
}
