using LiveMigration.Monitoring.Policies;
using LiveMigration.Units;

namespace LiveMigration.Tests.Monitoring.Policies;

[Trait("Requirement", "T5")]
public sealed class NovaConfigurationTests
{
    private const string Everything = """
        [DEFAULT]
        live_migration_downtime = 1
        my_ip = 10.0.0.1

        [libvirt]
        # From the compute role.
        virt_type = kvm
        live_migration_downtime = 5000
        live_migration_downtime_steps: 7
        live_migration_downtime_delay=75
        live_migration_completion_timeout = 600
        live_migration_timeout_action = force_complete
        live_migration_permit_post_copy = True
        live_migration_permit_auto_converge = yes
        live_migration_bandwidth = 500
        live_migration_parallel_connections = 4
        live_migration_with_native_tls = on
        live_migration_scheme = ssh

        [neutron]
        live_migration_downtime = 2
        """;

    [Fact]
    public void Reads_all_that_makes_a_policy() => Assert.Equal(
        new MigrationPolicy
        {
            Name = "nova",
            Bandwidth = Bandwidth.FromMebibytes(500),
            PostCopy = true,
            Parallel = 4,
            Tls = true,
            DataSize = DataMeasure.AtLeastTwoGiBEach,
            Downtime = new LinearDowntime { Max = new(TimeSpan.FromMilliseconds(5000)), Steps = 7, DelayPerGiB = TimeSpan.FromSeconds(75) },
            Timeout = new CompletionTimeout { PerGiB = TimeSpan.FromSeconds(600), Action = CompletionAction.ForceComplete },
        },
        NovaConfiguration.Parse(Everything).ToPolicy());

    [Fact]
    public void Says_what_is_left_out() => Assert.Equal(
        ["nova.conf:18: live_migration_scheme is not part of a policy and was ignored."],
        NovaConfiguration.Parse(Everything).Notices);

    [Theory]
    [InlineData("")]
    [InlineData("[libvirt]")]
    [InlineData("[libvirt]\r\nvirt_type = kvm\r\n")]
    public void What_is_not_said_has_Novas_defaults(string text) =>
        Assert.Equal(BuiltInPolicies.Nova with { Description = null }, NovaConfiguration.Parse(text).ToPolicy());

    [Fact]
    public void Of_an_option_that_is_there_twice_the_last_counts() => Assert.Equal(
        900, NovaConfiguration.Parse("[libvirt]\nlive_migration_downtime = 700\nlive_migration_downtime = 900\r\n").Downtime);

    [Theory]
    [InlineData("live_migration_downtime = 99", 27, "'99' is not a valid value of live_migration_downtime: expected an integer of 100 or more.")]
    [InlineData("live_migration_downtime_steps =2", 32, "'2' is not a valid value of live_migration_downtime_steps: expected an integer of 3 or more.")]
    [InlineData("live_migration_downtime_delay = 2", 33, "'2' is not a valid value of live_migration_downtime_delay: expected an integer of 3 or more.")]
    [InlineData("live_migration_completion_timeout = -1", 37, "'-1' is not a valid value of live_migration_completion_timeout: expected an integer of 0 or more.")]
    [InlineData("live_migration_downtime = 5 s", 27, "'5 s' is not a valid value of live_migration_downtime: expected an integer of 100 or more.")]
    [InlineData("live_migration_timeout_action = pause", 33, "'pause' is not a valid value of live_migration_timeout_action: expected abort or force_complete.")]
    [InlineData("live_migration_permit_post_copy = maybe", 35, "'maybe' is not a valid value of live_migration_permit_post_copy: expected true or false.")]
    [InlineData("live_migration_downtime", 1, "'live_migration_downtime' is neither a section nor an option: expected NAME = VALUE.")]
    public void A_wrong_value_is_refused_as_Nova_would(string line, int column, string message)
    {
        var error = Assert.Throws<PolicyFormatException>(() => NovaConfiguration.Parse($"\n[libvirt]\n{line}\n", "/etc/nova/nova.conf"));

        Assert.Equal([new PolicyError("/etc/nova/nova.conf", 3, column, message)], error.Errors);
        Assert.Equal($"/etc/nova/nova.conf:3:{column}: {message}", error.Message);
        Assert.Equal("InvalidPolicy", error.Fault.Id);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once() => Assert.Equal(
        [2, 3],
        Assert.Throws<PolicyFormatException>(() => NovaConfiguration.Parse(
            "[libvirt]\nlive_migration_permit_post_copy = 2\nlive_migration_downtime = 0")).Errors.Select(error => error.Line));
}
