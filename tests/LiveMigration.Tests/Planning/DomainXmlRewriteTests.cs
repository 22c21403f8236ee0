using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Planning;

namespace LiveMigration.Tests.Planning;

public sealed class DomainXmlRewriteTests
{
    [Fact]
    public void With_nothing_to_change_there_is_no_new_definition() =>
        Assert.Null(DomainXmlRewrite.Apply(Recorded.Text("domain-disks.xml"), new() { NewName = "other" }));

    [Theory]
    [InlineData("vda", "domain-migratable.xml", "file")]
    [InlineData("vdb", "domain-disks.xml", "dev")]
    [InlineData("hda", "domain-disks.xml", "file")]
    public void A_disk_gets_another_path_and_nothing_else_changes(string target, string file, string attribute)
    {
        var expected = Recorded.Xml(file);
        Disk(expected, target).SetAttributeValue("type", "file");
        var source = Disk(expected, target).Element("source")!;
        source.ReplaceAttributes(source.Attributes().Select(one => one.Name == attribute ? new XAttribute("file", "/new/path") : one).ToArray<object>());
        Same(expected, DomainXmlRewrite.Apply(Recorded.Text(file), Disks((target, "/new/path"))));
    }

    [Fact]
    public void A_file_becomes_a_device_and_a_part_of_one_and_a_file_again()
    {
        var device = DomainXmlRewrite.Apply(
            new(Recorded.Text("domain-migratable.xml"), null), Disks(("vda", "/dev/vg0/web")), new Dictionary<string, long> { ["vda"] = 4096 })!.Running;
        var disk = Disk(XElement.Parse(device), "vda");
        Assert.Equal(("block", "/dev/vg0/web"), ((string?)disk.Attribute("type"), (string?)disk.Element("source")!.Attribute("dev")));
        Assert.Equal("4096", (string?)disk.Element("source")!.Element("slices")!.Element("slice")!.Attribute("size"));
        var expected = Recorded.Xml("domain-migratable.xml");
        Disk(expected, "vda").Element("source")!.SetAttributeValue("file", "/new/path");
        Same(expected, DomainXmlRewrite.Apply(device, Disks(("vda", "/new/path"))));
    }

    /// <summary>B012.</summary>
    [Fact]
    public void A_volume_of_a_pool_becomes_a_file()
    {
        var disk = Disk(XElement.Parse(DomainXmlRewrite.Apply(Recorded.Text("domain-disks.xml"), Disks(("vda", "/new/path")))!), "vda");
        Assert.Equal("file", (string?)disk.Attribute("type"));
        Assert.Equal(["file=\"/new/path\""], disk.Element("source")!.Attributes().Select(attribute => $"{attribute}"));
    }

    [Theory]
    [InlineData("vdc")]
    [InlineData("vde")]
    [InlineData("hdb")]
    public void A_disk_without_a_path_gets_none(string target)
    {
        var error = Refused("domain-disks.xml", Disks((target, "/new/path")));
        Assert.Equal($"-DiskMap: '{target}' has no file or device whose path could be replaced.", error.Message);
    }

    [Fact]
    public void A_disk_that_is_not_there_is_refused_with_those_that_are() => Assert.Equal(
        "-DiskMap: the domain has no 'sda'. Valid names: vda, vdb, vdc.", Refused("domain-migratable.xml", Disks(("sda", "/x"))).Message);

    [Fact]
    public void A_network_or_bridge_gets_another_name_wherever_it_is()
    {
        var expected = Recorded.Xml("domain-disks.xml");
        Interface(expected, "01").SetAttributeValue("network", "isolated");
        Interface(expected, "02").SetAttributeValue("bridge", "br7");
        Same(expected, DomainXmlRewrite.Apply(Recorded.Text("domain-disks.xml"), Networks(("default", "isolated"), ("br0", "br7"))));
    }

    /// <summary>B032.</summary>
    [Fact]
    public void B032_a_macvtap_gets_another_interface()
    {
        var expected = Recorded.Xml("domain-disks.xml");
        expected.Descendants("interface").Elements("source").Single(source => (string?)source.Attribute("dev") == "eth0").SetAttributeValue("dev", "ens3");
        Same(expected, DomainXmlRewrite.Apply(Recorded.Text("domain-disks.xml"), Networks(("eth0", "ens3"))));
    }

    /// <summary>B028: what the next start takes is changed, too, unless it is another one already.</summary>
    [Theory]
    [InlineData("/usr/libexec/qemu-kvm", "/usr/bin/qemu-system-x86_64")]
    [InlineData("/opt/qemu-next", "/opt/qemu-next")]
    public void B028_the_emulator_is_the_destinations(string stored, string expected)
    {
        static string Xml(string emulator) => $"<domain><devices><emulator>{emulator}</emulator></devices></domain>";
        var result = DomainXmlRewrite.Apply(new(Xml("/usr/libexec/qemu-kvm"), Xml(stored)), MigrationOptions.Default, new Dictionary<string, long>(), "/usr/bin/qemu-system-x86_64")!;
        Assert.Equal((Xml("/usr/bin/qemu-system-x86_64"), Xml(expected)), (result.Running, result.Stored));
    }

    [Fact]
    public void Networks_may_change_places()
    {
        var expected = Recorded.Xml("domain-disks.xml");
        Interface(expected, "01").SetAttributeValue("network", "lan");
        Interface(expected, "03").SetAttributeValue("network", "default");
        Same(expected, DomainXmlRewrite.Apply(Recorded.Text("domain-disks.xml"), Networks(("default", "lan"), ("lan", "default"))));
    }

    [Fact]
    public void A_card_in_a_network_goes_by_the_network_and_not_by_its_bridge()
    {
        var xml = Recorded.Text("domain-running.xml").Replace("bridge='virtual'", "bridge='virbr7'", StringComparison.Ordinal);
        Assert.Equal("-NetworkMap: the domain has no 'virbr7'. Valid names: virtual.",
            Assert.Throws<LiveMigrationException>(() => DomainXmlRewrite.Apply(xml, Networks(("virbr7", "x")))).Message);
    }

    [Fact]
    public void A_network_that_is_not_there_is_refused_with_those_that_are() => Assert.Equal(
        "-NetworkMap: the domain has no 'nosuch'. Valid names: default, br0, lan, eth0.", Refused("domain-disks.xml", Networks(("nosuch", "x"))).Message);

    [Fact]
    public void A_screen_on_an_address_gets_another()
    {
        var expected = Recorded.Xml("domain-backing.xml");
        var screen = expected.Element("devices")!.Element("graphics")!;
        screen.SetAttributeValue("listen", "10.0.0.2");
        screen.Element("listen")!.SetAttributeValue("address", "10.0.0.2");
        Same(expected, DomainXmlRewrite.Apply(Recorded.Text("domain-backing.xml"), new() { GraphicsListen = "10.0.0.2" }));
    }

    [Fact]
    public void A_screen_that_listens_on_no_address_stays_as_it_is()
    {
        var rewritten = XElement.Parse(DomainXmlRewrite.Apply(Recorded.Text("domain-disks.xml"), new() { GraphicsListen = "10.0.0.2" })!);
        var spice = rewritten.Element("devices")!.Elements("graphics").Single(screen => (string?)screen.Attribute("type") == "spice");
        Assert.Null(spice.Attribute("listen"));
    }

    [Fact]
    public void What_QEMU_is_given_by_hand_survives()
    {
        var rewritten = DomainXmlRewrite.Apply(Recorded.Text("domain-migratable.xml"), Disks(("vda", "/x")))!;
        Assert.Contains("<qemu:arg value=\"memory-backend=lab.ram\"", rewritten, StringComparison.Ordinal);
    }

    /// <summary>Pending changes still wait: each definition is rewritten in its own text.</summary>
    [Fact]
    public void B010_what_is_stored_stays_what_is_stored()
    {
        var (running, stored) = (Recorded.Xml("domain-migratable.xml"), Recorded.Xml("domain-migratable.xml"));
        stored.SetElementValue("vcpu", 3);
        Disk(stored, "vdb").Remove();
        var rewritten = Both(running, stored, Disks(("vda", "/new/a"), ("vdb", "/new/b")) with { NetworkMap = Networks(("virtual", "lan")).NetworkMap, GraphicsListen = "10.0.0.2" });

        foreach (var each in new[] { running, stored })
        {
            Disk(each, "vda").Element("source")!.SetAttributeValue("file", "/new/a");
            each.Descendants("interface").Single().Element("source")!.SetAttributeValue("network", "lan");
        }

        Disk(running, "vdb").Element("source")!.SetAttributeValue("file", "/new/b");
        Same(running, rewritten.Running);
        Same(stored, rewritten.Stored);
    }

    [Fact]
    public void A_disk_that_the_next_start_takes_from_elsewhere_is_left_as_it_will_be()
    {
        var (running, stored) = (Recorded.Xml("domain-migratable.xml"), Recorded.Xml("domain-migratable.xml"));
        Disk(stored, "vda").Element("source")!.SetAttributeValue("file", "/restored/from/backup");
        Same(stored, Both(running, stored, Disks(("vda", "/new/path"))).Stored);
    }

    [Fact]
    public void A_network_that_only_the_next_start_takes_gets_its_name_there_too()
    {
        var (running, stored) = (Recorded.Xml("domain-migratable.xml"), Recorded.Xml("domain-migratable.xml"));
        stored.Descendants("interface").Single().Element("source")!.SetAttributeValue("network", "later");
        var rewritten = Both(running, stored, Networks(("later", "there")));
        Same(running, rewritten.Running);
        stored.Descendants("interface").Single().Element("source")!.SetAttributeValue("network", "there");
        Same(stored, rewritten.Stored);
    }

    private static DomainDefinitions Both(XElement running, XElement stored, MigrationOptions options) =>
        DomainXmlRewrite.Apply(new(running.ToString(), stored.ToString()), options, new Dictionary<string, long>())!;

    private static MigrationOptions Disks(params (string From, string To)[] map) => new() { DiskMap = map.ToDictionary(one => one.From, one => one.To) };

    private static MigrationOptions Networks(params (string From, string To)[] map) => new() { NetworkMap = map.ToDictionary(one => one.From, one => one.To) };

    private static LiveMigrationException Refused(string file, MigrationOptions options)
    {
        var error = Assert.Throws<LiveMigrationException>(() => DomainXmlRewrite.Apply(Recorded.Text(file), options));
        Assert.Equal(Faults.InvalidMapping, error.Fault);
        return error;
    }

    private static XElement Disk(XElement domain, string target) =>
        domain.Element("devices")!.Elements("disk").Single(disk => (string?)disk.Element("target")!.Attribute("dev") == target);

    private static XElement Interface(XElement domain, string address) => domain.Element("devices")!.Elements("interface")
        .Single(card => ((string)card.Element("mac")!.Attribute("address")!).EndsWith(address, StringComparison.Ordinal)).Element("source")!;

    private static void Same(XElement expected, string? rewritten) =>
        Assert.Equal(expected.ToString(), XElement.Parse(rewritten!).ToString());
}
