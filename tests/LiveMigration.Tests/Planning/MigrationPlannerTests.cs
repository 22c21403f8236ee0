using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Tests.Planning;

public sealed class MigrationPlannerTests
{
    private const MigrateFlags Usual =
        MigrateFlags.Live | MigrateFlags.PersistDestination | MigrateFlags.UndefineSource | MigrateFlags.AbortOnError | MigrateFlags.Tls;

    private static readonly LibvirtHost B = Given.Host("b", "qemu+ssh://root@b/system?keyfile=/root/.ssh/id&no_tty=1");
    private static readonly LibvirtHost Local = Given.Host("here", "qemu:///system");

    public static TheoryData<MigrationOptions, string, object> Options => new()
    {
        { new() { NewName = "web2" }, "destination_name", "web2" },
        { new() { MigrationUri = "tcp://10.0.0.2" }, "migrate_uri", "tcp://10.0.0.2" },
        { new() { TlsName = "b.storage" }, "tls.destination", "b.storage" },
        { new() { ListenAddress = "10.0.0.2" }, "listen_address", "10.0.0.2" },
        { new() { Bandwidth = Bandwidth.Parse("1Gbit/s") }, "bandwidth", 120UL },
        { new() { PostCopy = true, PostCopyBandwidth = Bandwidth.Parse("50MiB/s") }, "bandwidth.postcopy", 50UL },
        { new() { AutoConverge = true, AutoConvergeInitial = 30 }, "auto_converge.initial", 30 },
        { new() { AutoConverge = true, AutoConvergeIncrement = 5 }, "auto_converge.increment", 5 },
    };

    [Fact]
    public void By_default_the_source_steers_and_everything_moves()
    {
        var plan = Plan();
        Assert.Equal((MigrationMode.PeerToPeer, true), (plan.Mode, plan.MayFallBack));
        Assert.Equal(Usual, plan.Flags);
        Assert.Empty(plan.Parameters);
        Assert.Empty(plan.Notices);
        Assert.Equal("Live-migrate 'web' from a to b (PeerToPeer, encrypted if both hosts support it), and remove the definition from the source", plan.ToString());
    }

    [Fact]
    public void The_source_is_told_the_destination_without_what_only_this_client_has() =>
        Assert.Equal("qemu+ssh://root@b/system", Plan().PeerUri);

    [Fact]
    public void The_uri_for_the_source_can_be_given()
    {
        Assert.Equal("qemu+tls://b.storage/system", Plan(new() { DestinationUri = "qemu+tls://b.storage/system" }).PeerUri);
        var plan = Plan(new() { DestinationUri = "qemu+tls://b.storage/system" }, destination: Local);
        Assert.Equal((MigrationMode.PeerToPeer, "qemu+tls://b.storage/system"), (plan.Mode, plan.PeerUri));
    }

    [Fact]
    public void Who_is_asked_to_steer_steers_and_nobody_else()
    {
        var byPeer = Plan(new() { Mode = MigrationMode.PeerToPeer });
        Assert.Equal((MigrationMode.PeerToPeer, false), (byPeer.Mode, byPeer.MayFallBack));
        var direct = Plan(new() { Mode = MigrationMode.Direct });
        Assert.Equal((MigrationMode.Direct, false, null), (direct.Mode, direct.MayFallBack, direct.PeerUri));
    }

    [Fact]
    public void Where_the_source_cannot_reach_the_destination_this_client_steers_and_says_so()
    {
        var plan = Plan(destination: Local);
        Assert.Equal((MigrationMode.Direct, false, null), (plan.Mode, plan.MayFallBack, plan.PeerUri));
        Assert.Contains("must keep running until it ends", Assert.Single(plan.Notices), StringComparison.Ordinal);
        var error = Assert.Throws<LiveMigrationException>(() => Plan(new() { Mode = MigrationMode.PeerToPeer }, destination: Local));
        Assert.Equal((Faults.NoPeerUri, "here"), (error.Fault, error.Host));
    }

    [Theory]
    [InlineData(true, false, MigrateFlags.PersistDestination | MigrateFlags.UndefineSource)]
    [InlineData(true, true, MigrateFlags.PersistDestination)]
    [InlineData(false, false, MigrateFlags.None)]
    [InlineData(false, true, MigrateFlags.None)]
    public void The_definition_moves_along_unless_it_is_to_stay_or_there_is_none(bool persistent, bool keep, object flags)
    {
        var plan = Plan(new() { KeepSource = keep }, Given.Domain() with { Persistent = persistent });
        Assert.Equal(flags, plan.Flags & (MigrateFlags.PersistDestination | MigrateFlags.UndefineSource));
        Assert.Equal(keep && !persistent ? ["'web' is transient: there is no definition to keep on a."] : [], plan.Notices);
    }

    [Fact]
    public void Each_option_sets_its_flag_and_nothing_else()
    {
        Assert.Equal(Usual | MigrateFlags.AutoConverge, Plan(new() { AutoConverge = true }).Flags);
        Assert.Equal(Usual | MigrateFlags.Parallel, Plan(new() { Parallel = 4 }).Flags);
        Assert.Equal(Usual | MigrateFlags.Compressed, Plan(new() { Compression = MigrationCompression.Xbzrle }).Flags);
        Assert.Equal((Usual & ~MigrateFlags.Tls) | MigrateFlags.Parallel | MigrateFlags.ZeroCopy, Plan(new() { Parallel = 4, ZeroCopy = true }).Flags);
        Assert.Equal(Usual & ~MigrateFlags.Tls, Plan(new() { Tls = MigrationTls.Off }).Flags);
        Assert.Equal(Usual | MigrateFlags.Unsafe, Plan(new() { AllowUnsafe = true }).Flags);
        Assert.Equal(Usual, Plan(new() { Timeout = Duration.Parse("1s"), OnTimeout = TimeoutAction.Suspend }).Flags);
    }

    [Fact]
    public void Post_copy_has_nothing_to_abort_to()
    {
        const MigrateFlags PostCopy = (Usual & ~MigrateFlags.AbortOnError) | MigrateFlags.PostCopy;
        Assert.Equal(PostCopy, Plan(new() { PostCopy = true }).Flags);
        Assert.Equal(PostCopy, Plan(new() { PostCopyAfterFirstPass = true }).Flags);
        Assert.Equal(PostCopy, Plan(new() { Timeout = Duration.Parse("1s"), OnTimeout = TimeoutAction.PostCopy }).Flags);
    }

    [Fact]
    public void Halves_are_joined_as_they_were_parted()
    {
        const MigrateFlags Resume = (Usual & ~MigrateFlags.AbortOnError) | MigrateFlags.PostCopy | MigrateFlags.PostCopyResume;
        var plan = Plan(new() { PostCopyAfterFirstPass = true, Bandwidth = Bandwidth.FromMebibytes(10), MaxDowntime = Duration.FromMilliseconds(100), CpuAffinity = [0] });
        var again = MigrationPlanner.ForResume(plan);
        Assert.Equal((Resume, plan.Mode, plan.PeerUri), (again.Flags, again.Mode, again.PeerUri));
        Assert.Equal(plan.Parameters, again.Parameters);
        Assert.Equal((null, null), (again.Options.MaxDowntime, again.Options.CpuAffinity));
        var found = MigrationPlanner.ForResume(Given.Domain(), B, MigrationOptions.Default);
        Assert.Equal((Resume, MigrationMode.PeerToPeer, "qemu+ssh://root@b/system"), (found.Flags, found.Mode, found.PeerUri));
        Assert.Equal(MigrationMode.Direct, MigrationPlanner.ForResume(Given.Domain(), Local, MigrationOptions.Default).Mode);
    }

    [Fact]
    public void A_definition_that_moves_alone_is_not_live()
    {
        var plan = Plan(new() { Offline = true }, Given.Domain(Given.ShutOff));
        Assert.Equal(MigrateFlags.Offline | MigrateFlags.PersistDestination | MigrateFlags.UndefineSource, plan.Flags);
        Assert.StartsWith("Move the definition of 'web'", plan.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Each_option_sets_its_parameter_and_nothing_else(MigrationOptions options, string name, object value) =>
        Assert.Equal([new(name, value)], Plan(options).Parameters);

    [Fact]
    public void An_unlimited_bandwidth_is_left_to_libvirt() => Assert.Empty(Plan(new() { Bandwidth = Bandwidth.Unlimited }).Parameters);

    [Fact]
    public void Connections_and_compression_go_by_libvirts_names()
    {
        Assert.Equal([new("parallel.connections", 4)], Plan(new() { Parallel = 4 }).Parameters);
        Assert.Equal([new("compression", "xbzrle")], Plan(new() { Compression = MigrationCompression.Xbzrle }).Parameters);
        Assert.Equal(
            [new("compression", "xbzrle"), new("compression.xbzrle.cache", 1UL << 30)],
            Plan(new() { Compression = MigrationCompression.Xbzrle, XbzrleCache = ByteSize.Parse("1GiB") }).Parameters.OrderBy(pair => pair.Key));
        Assert.Equal(
            [new("compression", "mt"), new("compression.mt.level", 3), new("compression.mt.threads", 16)],
            Plan(new() { Compression = MigrationCompression.Mt, CompressionLevel = 3, CompressionThreads = 16 }).Parameters.OrderBy(pair => pair.Key));
        var facts = Given.Facts();
        facts = facts with
        {
            Source = facts.Source with { LibvirtVersion = new(9, 4, 0) },
            Destination = facts.Destination with { LibvirtVersion = new(9, 4, 0) },
        };
        var options = new MigrationOptions { Parallel = 4, Compression = MigrationCompression.Zstd, CompressionLevel = 20 };
        Assert.Equal(
            [new("compression", "zstd"), new("compression.zstd.level", 20), new("parallel.connections", 4)],
            MigrationPlanner.Plan(B, facts, options).Parameters.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Another_definition_is_used_as_it_is_for_now_and_for_later()
    {
        var options = new MigrationOptions { DestinationXml = "<domain>changed</domain>" };
        Assert.Equal(
            [new("destination_xml", "<domain>changed</domain>"), new("persistent_xml", "<domain>changed</domain>")],
            Plan(options).Parameters.OrderBy(pair => pair.Key));
        Assert.Equal(["destination_xml"], Plan(options, Given.Domain() with { Persistent = false }).Parameters.Keys);
    }

    [Fact]
    public void A_rewritten_definition_is_used_for_now_and_for_later()
    {
        var parameters = Plan(new() { NetworkMap = new Dictionary<string, string> { ["virtual"] = "lan" } }).Parameters;
        Assert.Equal(["destination_xml", "persistent_xml"], parameters.Keys.Order());
        Assert.Contains("network=\"lan\"", (string)parameters["destination_xml"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_name_is_the_final_name()
    {
        Assert.Equal("web", Plan().FinalName);
        var renamed = Plan(new() { NewName = "web2", KeepSource = true });
        Assert.Equal("web2", renamed.FinalName);
        Assert.Equal("Live-migrate 'web' from a to b under the name 'web2' (PeerToPeer, encrypted if both hosts support it)", renamed.ToString());
    }

    [Fact]
    public void What_is_required_is_not_done_without_and_what_is_preferred_may_be()
    {
        var (required, preferred) = (Plan(new() { Tls = MigrationTls.Required }), Plan(new() { TlsName = "b.storage" }));
        Assert.Equal((true, false), (required.Encrypted, required.MayGoUnencrypted));
        Assert.EndsWith("(PeerToPeer, encrypted), and remove the definition from the source", required.ToString(), StringComparison.Ordinal);
        Assert.Equal((true, true), (preferred.Encrypted, preferred.MayGoUnencrypted));
        var plain = MigrationPlanner.Unencrypted(preferred);
        Assert.Equal((Usual & ~MigrateFlags.Tls, false), (plain.Flags, plain.MayGoUnencrypted));
        Assert.Empty(plain.Parameters);
        Assert.Contains("unencrypted", plain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Contradictions_come_before_what_the_hosts_say()
    {
        var facts = Given.Facts() with { Destination = Given.Info("a") };
        Assert.Equal(Faults.ContradictingOptions, Fault(() => MigrationPlanner.Plan(B, facts, new() { Parallel = 0 })));
        Assert.Equal(Faults.SameHost, Fault(() => MigrationPlanner.Plan(B, facts, MigrationOptions.Default)));
    }

    /// <summary>B016: the certificate stays that of the name.</summary>
    [Fact]
    public void B016_memory_may_be_sent_to_an_address_instead_of_the_name()
    {
        var plan = MigrationPlanner.SentTo(Plan(), "10.0.0.2", "b.lab");
        Assert.Equal(("tcp://10.0.0.2", "tcp://10.0.0.2", "b.lab"), (plan.Options.MigrationUri, plan.Parameters["migrate_uri"], plan.Parameters["tls.destination"]));
        Assert.Equal("b.storage", MigrationPlanner.SentTo(Plan(new() { TlsName = "b.storage" }), "10.0.0.2", "b.lab").Parameters["tls.destination"]);
        Assert.False(MigrationPlanner.SentTo(Plan(new() { Tls = MigrationTls.Off }), "[fd00::2]", "b").Parameters.ContainsKey("tls.destination"));
    }

    [Fact]
    public void B028_the_emulator_of_the_destination_is_used_and_said()
    {
        var plan = MigrationPlanner.Plan(B, Given.Facts() with { Emulator = "/usr/libexec/qemu-kvm" }, MigrationOptions.Default);
        Assert.Contains("<emulator>/usr/libexec/qemu-kvm</emulator>", (string)plan.Parameters["destination_xml"], StringComparison.Ordinal);
        Assert.Contains("<emulator>/usr/libexec/qemu-kvm</emulator>", (string)plan.Parameters["persistent_xml"], StringComparison.Ordinal);
        Assert.Equal("b keeps its QEMU elsewhere: 'web' runs in /usr/libexec/qemu-kvm there.", Assert.Single(plan.Notices));
    }

    /// <summary>B041: a daemon that does not know the parameter would refuse it, and what is full cannot become thin.</summary>
    [Theory]
    [InlineData("10.9.0", "11.3.0", 8, true)]
    [InlineData("10.8.0", "11.3.0", 8, false)]
    [InlineData("11.3.0", "9.0.0", 8, false)]
    [InlineData("11.3.0", "11.3.0", 64, false)]
    public void B041_zeroes_of_a_thin_disk_are_not_written_where_both_daemons_can(string source, string destination, int allocated, bool thin)
    {
        var pool = new PoolFacts(new StoragePool("default", "dir", "/images"), IsActive: true, Origin: null, Available: 1L << 40);
        var disk = new DomainDisk
        {
            Name = "web", HostName = "a", Target = "vda", Device = "disk", Type = "file", Source = "/images/web.raw", Format = "raw", Capacity = 64 << 20, ReadOnly = false, Shareable = false, Access = StorageAccess.Local, Evidence = "",
        };
        var facts = new DiskFacts
        {
            Disk = disk, SourcePool = pool, DestinationPool = pool, DestinationPath = "/images/web.raw", MarkerSeen = false,
            SourceChain = [new Volume("default", "web.raw", "/images/web.raw", "raw", 64 << 20, (long)allocated << 20, 64 << 20, null, null)],
        };
        var given = Given.Facts();
        var plan = MigrationPlanner.Plan(B, given with
        {
            Source = given.Source with { LibvirtVersion = Version.Parse(source) },
            Destination = given.Destination with { LibvirtVersion = Version.Parse(destination) },
            Disks = [facts],
        }, MigrationOptions.Default);
        Assert.Equal(thin ? "vda" : "", string.Join(',', (IReadOnlyList<string>?)plan.Parameters.GetValueOrDefault("migrate_disks_detect_zeroes") ?? []));
    }

    private static MigrationPlan Plan(MigrationOptions? options = null, LibvirtDomain? domain = null, LibvirtHost? destination = null) =>
        MigrationPlanner.Plan(destination ?? B, Given.Facts(domain), options ?? MigrationOptions.Default);

    private static Fault Fault(Action action) => Assert.Throws<LiveMigrationException>(action).Fault;
}
