using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Tests.Planning;

public sealed class PlanRulesTests
{
    private static readonly PlanFacts Facts = Given.Facts();
    private static readonly MigrationOptions Defaults = MigrationOptions.Default;
    private static readonly MigrationOptions Offline = new() { Offline = true };

    [Fact]
    public void A_running_guest_may_go_to_another_host() => PlanRules.Check(Facts, Defaults);

    [Fact]
    public void A_definition_may_go_to_another_host() => PlanRules.Check(Given.Facts(Given.Domain(Given.ShutOff)), Offline);

    [Fact]
    public void Source_and_destination_must_be_two_hosts()
    {
        Refused(Faults.SameHost, "a", "'a' is both source and destination.", Facts with { Destination = Facts.Source });
        Refused(Faults.SameHost, "a", "'a' and 'z' are the same host: both have the UUID", Facts with { Destination = Facts.Source with { Name = "z" } });
    }

    [Fact]
    public void Hosts_that_have_no_uuid_are_not_taken_for_one() => PlanRules.Check(
        Facts with { Source = Facts.Source with { Uuid = null }, Destination = Facts.Destination with { Uuid = null } }, Defaults);

    [Fact]
    public void Both_hosts_must_run_the_same_hypervisor() => Refused(
        Faults.DifferentHypervisor, "a", "a runs QEMU and b runs Xen.", Facts with { Destination = Facts.Destination with { Hypervisor = "Xen" } });

    [Fact]
    public void A_guest_that_migrates_is_left_alone() => Refused(
        Faults.MigrationInProgress, "a", "'web' is already being migrated.", Given.Facts(Given.Domain() with { Migrating = true }));

    [Fact]
    public void Only_what_runs_migrates_live() => Refused(
        Faults.DomainNotRunning, "a", "'web' is ShutOff (shutdown) on a and cannot be migrated live.", Given.Facts(Given.Domain(Given.ShutOff)));

    [Fact]
    public void A_paused_guest_migrates_live() => PlanRules.Check(Given.Facts(Given.Domain(new(DomainState.Paused, 1))), Defaults);

    [Fact]
    public void Only_what_does_not_run_moves_offline() =>
        Refused(Faults.DomainRunning, "a", "'web' is Running (booted): -Offline is for a domain that is shut off.", Facts, Offline);

    [Fact]
    public void What_has_no_definition_does_not_move_offline() => Refused(
        Faults.DomainNotRunning, "a", "'web' is transient", Given.Facts(Given.Domain(Given.ShutOff) with { Persistent = false }), Offline);

    [Fact]
    public void Post_copy_is_for_a_guest_that_executes()
    {
        var paused = Given.Facts(Given.Domain(new(DomainState.Paused, 1)));
        Refused(Faults.DomainNotRunning, "a", "'web' is Paused (user): post-copy requires", paused, new() { PostCopy = true });
        Refused(Faults.DomainNotRunning, "a", "'web' is Paused (user): post-copy requires", paused, OnTimeoutPostCopy);
    }

    /// <summary>The same rule as that of LM046 and of the reservation: huge pages were set aside, and are not of what is available.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("<memoryBacking><hugepages/></memoryBacking>", false)]
    [InlineData("<memoryBacking><hugepages><page size='2048' unit='KiB'/></hugepages></memoryBacking>", false)]
    [InlineData("<memoryBacking><source type='memfd'/></memoryBacking>", true)]
    public void Ordinary_memory_is_not_what_a_guest_in_huge_pages_needs(string backing, bool isRefused)
    {
        var facts = Facts with { DestinationMemoryAvailable = 1 << 30, Definitions = Facts.Definitions with { Running = $"<domain>{backing}</domain>" } };
        if (isRefused)
            Refused(Faults.InsufficientMemory, "b", "'web' may use 4 GiB, but b has 1 GiB available.", facts);
        else
            PlanRules.Check(facts, Defaults);
    }

    [Fact]
    public void Another_domain_of_the_name_is_in_the_way()
    {
        var other = Given.Domain(Given.ShutOff) with { Uuid = Guid.NewGuid() };
        Refused(Faults.DomainExists, "b", "b already has another domain named 'web' (UUID", Facts with { Namesakes = [other] });
    }

    [Fact]
    public void The_domain_itself_is_in_the_way_when_it_runs_or_has_another_name_there()
    {
        var there = Given.Domain(Given.ShutOff);
        Refused(Faults.DomainExists, "b", "'web' is Running (booted) on b already.", Facts with { Namesakes = [Given.Domain()] });
        Refused(Faults.DomainExists, "b", "b has this domain's UUID under the name 'old'.", Facts with { Namesakes = [there with { Name = "old" }] });
        Refused(Faults.DomainExists, "b", "b has this domain's UUID under the name 'web'.", Facts with { Namesakes = [there] }, new() { NewName = "new" });
    }

    [Fact]
    public void A_definition_that_an_earlier_migration_left_there_is_not_in_the_way()
    {
        PlanRules.Check(Facts with { Namesakes = [Given.Domain(Given.ShutOff)] }, Defaults);
        PlanRules.Check(Facts with { Namesakes = [Given.Domain(Given.ShutOff) with { Name = "new" }] }, new() { NewName = "new" });
    }

    [Theory]
    [InlineData("7.2.22", "10.1.0", false)]
    [InlineData("10.1.0", "10.0.2", false)]
    [InlineData("10.1.0", "10.1.0", true)]
    public void Post_copy_over_several_connections_needs_a_new_QEMU_on_both(string source, string destination, bool accepted)
    {
        var facts = Qemu(source, destination);
        foreach (var options in new[] { new MigrationOptions { PostCopy = true, Parallel = 2 }, new() { PostCopyAfterFirstPass = true, Parallel = 2 }, OnTimeoutPostCopy with { Parallel = 2 } })
        {
            if (accepted)
                PlanRules.Check(facts, options);
            else
                Refused(Faults.NotSupportedByVersion, "a", "Post-copy with -Parallel needs QEMU 10.1.0 on both hosts; the older has", facts, options);
        }
    }

    [Theory]
    [InlineData("7.2.22", "7.2.22", true)]
    [InlineData("9.0.2", "7.2.22", true)]
    [InlineData("9.1.0", "7.2.22", false)]
    [InlineData("7.2.22", "10.0.2", false)]
    public void Mt_compression_needs_an_old_QEMU_on_both(string source, string destination, bool accepted)
    {
        var options = new MigrationOptions { Compression = MigrationCompression.Mt };
        if (accepted)
            PlanRules.Check(Qemu(source, destination), options);
        else
            Refused(Faults.NotSupportedByVersion, "a", "-Compression Mt was removed in QEMU 9.1.0", Qemu(source, destination), options);
    }

    [Theory]
    [InlineData(MigrationCompression.Zlib, "9.0.0", "11.3.0", false)]
    [InlineData(MigrationCompression.Zstd, "11.3.0", "9.0.0", false)]
    [InlineData(MigrationCompression.Zstd, "9.4.0", "9.4.0", true)]
    public void Compression_on_several_connections_needs_a_new_libvirt_on_both(
        MigrationCompression compression, string source, string destination, bool accepted)
    {
        var facts = Facts with
        {
            Source = Facts.Source with { LibvirtVersion = new(source) },
            Destination = Facts.Destination with { LibvirtVersion = new(destination) },
        };
        var options = new MigrationOptions { Compression = compression, Parallel = 2 };
        if (accepted)
            PlanRules.Check(facts, options);
        else
            Refused(Faults.NotSupportedByVersion, "a", $"-Compression {compression} needs libvirt 9.4.0 on both hosts; the older has 9.0.0.", facts, options);
    }

    [Fact]
    public void Migration_threads_go_to_CPUs_that_both_hosts_have()
    {
        var facts = Facts with { Source = Facts.Source with { Cpus = 8 }, Destination = Facts.Destination with { Cpus = 4 } };
        PlanRules.Check(facts, new() { CpuAffinity = [0, 3] });
        Refused(Faults.NoSuchCpu, "a", "-MigrationCpuAffinity names CPU 4, but the hosts have CPUs 0 to 3.", facts, new() { CpuAffinity = [4, 0] });
    }

    [Fact]
    public void The_destination_must_have_the_memory_that_the_guest_may_use()
    {
        var tight = Facts with { DestinationMemoryAvailable = Facts.Domain.MaxMemory - 1 };
        Refused(Faults.InsufficientMemory, "b", "'web' may use 4 GiB, but b has 4 GiB available.", tight);
        PlanRules.Check(Facts with { DestinationMemoryAvailable = Facts.Domain.MaxMemory }, Defaults);
        PlanRules.Check(Facts with { DestinationMemoryAvailable = null }, Defaults);
        PlanRules.Check(tight, new() { AllowMemoryOvercommit = true });
        PlanRules.Check(tight with { Domain = Given.Domain(Given.ShutOff) }, Offline);
    }

    private static MigrationOptions OnTimeoutPostCopy => new() { Timeout = Duration.Parse("1min"), OnTimeout = TimeoutAction.PostCopy };

    private static PlanFacts Qemu(string source, string destination) => Facts with
    {
        Source = Facts.Source with { HypervisorVersion = new(source) },
        Destination = Facts.Destination with { HypervisorVersion = new(destination) },
    };

    private static void Refused(Fault fault, string host, string message, PlanFacts facts, MigrationOptions? options = null)
    {
        var error = Assert.Throws<LiveMigrationException>(() => PlanRules.Check(facts, options ?? Defaults));
        Assert.Equal((fault, host), (error.Fault, error.Host));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }
}
