using LiveMigration.Domains;

namespace LiveMigration.Tests.Domains;

public sealed class DomainQueryTests
{
    private static readonly Guid Uuid = new("0b2c082c-00e0-42a2-8571-cbe340644239");

    [Theory]
    [InlineData("web", "web", true)]
    [InlineData("web", "web1", false)]
    [InlineData("WEB", "web", false)]
    [InlineData("web*", "web", true)]
    [InlineData("web*", "web1", true)]
    [InlineData("web*", "myweb", false)]
    [InlineData("*", "web", true)]
    [InlineData("web?", "web1", true)]
    [InlineData("web?", "web12", false)]
    [InlineData("WEB*", "web1", false)]
    [InlineData("*.example.org", "a.example.org", true)]
    [InlineData("a.b*", "aXb", false)]
    [InlineData("[ab]*", "a", false)]
    [InlineData("[ab]*", "[ab]c", true)]
    [InlineData("(web|db)", "(web|db)", true)]
    public void A_name_is_exact_and_a_pattern_knows_star_and_question_mark(string wanted, string name, bool matches) =>
        Assert.Equal(matches, DomainQuery.Matches(wanted, name, Uuid));

    [Theory]
    [InlineData("0b2c082c-00e0-42a2-8571-cbe340644239", true)]
    [InlineData("0B2C082C-00E0-42A2-8571-CBE340644239", true)]
    [InlineData("0b2c082c00e042a28571cbe340644239", true)]
    [InlineData("0b2c082c-00e0-42a2-8571-cbe340644230", false)]
    [InlineData("0b2c082c*", false)]
    public void A_uuid_is_a_domain_whatever_its_name(string wanted, bool matches) =>
        Assert.Equal(matches, DomainQuery.Matches(wanted, "web", Uuid));

    [Fact]
    public void A_domain_may_be_named_like_a_uuid() => Assert.True(DomainQuery.Matches(Guid.Empty.ToString(), Guid.Empty.ToString(), Uuid));

    [Fact]
    public void Without_names_and_states_it_wants_all()
    {
        Assert.True(DomainQuery.All.Wants("web", Uuid));
        Assert.All(Enum.GetValues<DomainState>(), state => Assert.True(DomainQuery.All.Wants(state)));
    }

    [Fact]
    public void Of_several_names_and_states_one_is_enough()
    {
        var query = new DomainQuery { Names = ["db", "web*"], States = [DomainState.Running, DomainState.Paused] };
        Assert.True(query.Wants("web1", Uuid));
        Assert.False(query.Wants("mail", Uuid));
        Assert.True(query.Wants(DomainState.Paused));
        Assert.False(query.Wants(DomainState.ShutOff));
    }

    [Theory]
    [InlineData("web*", true)]
    [InlineData("web?", true)]
    [InlineData("web", false)]
    [InlineData("[web]", false)]
    public void A_pattern_may_mean_several(string wanted, bool several) => Assert.Equal(several, DomainQuery.HasWildcard(wanted));
}
