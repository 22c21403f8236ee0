using System.Xml.Linq;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;

namespace LiveMigration.Tests.Storage;

/// <summary>M7, R5: who uses an image is found under whatever name he has it.</summary>
public sealed class ImageUsersTests
{
    [Theory]
    [InlineData("/dev/mapper/vg0-web", "/dev/vg0/web")]
    [InlineData("/dev/mapper/vg--0-web--data", "/dev/vg-0/web-data")]
    [InlineData("/dev/mapper/a----b-c", "/dev/a--b/c")]
    [InlineData("/dev/mapper/mpatha", "/dev/mapper/mpatha")]
    [InlineData("/dev/mapper/crypt--root", "/dev/mapper/crypt--root")]
    [InlineData("/dev/mapper/vg0-", "/dev/mapper/vg0-")]
    [InlineData("/dev/mapper/-x", "/dev/mapper/-x")]
    [InlineData("/dev/vg0/web", "/dev/vg0/web")]
    [InlineData("/dev/sdb", "/dev/sdb")]
    public void A_logical_volume_has_one_name(string path, string usual) => Assert.Equal(usual, DeviceName.Usual(path));

    /// <summary>A branch that the domain has left lives in the description of a snapshot alone.</summary>
    [Fact]
    public void Snapshots_use_images_that_no_definition_names()
    {
        var snapshot = XElement.Parse("""
            <domainsnapshot><name>one</name><memory snapshot='external' file='/save/one.mem'/>
            <disks><disk name='vda' snapshot='external' type='file'><driver type='qcow2'/><source file='/images/branch.qcow2'/></disk><disk name='vdb' snapshot='no'/>
            <disk name='vdc' snapshot='external' type='block'><source dev='/dev/vg0/branch'/></disk></disks>
            <domain><devices><disk type='file'><source file='/images/web.qcow2'/><backingStore type='file'><source file='/images/base.qcow2'/></backingStore></disk></devices></domain>
            <inactiveDomain><devices><disk type='file'><source file='/images/next.qcow2'/></disk></devices></inactiveDomain></domainsnapshot>
            """);
        Assert.Equal(
            ["/dev/vg0/branch", "/images/base.qcow2", "/images/branch.qcow2", "/images/next.qcow2", "/images/web.qcow2", "/save/one.mem"],
            ImageUsers.OfSnapshot(snapshot, null).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_the_kernel_says_tells_names_of_one_device_and_what_the_host_does_with_it()
    {
        var look = DeviceLook.Parse(string.Join('\n',
            "id\t/dev/vg0/web\t253:3", "id\t/dev/disk/by-id/dm-name-vg0-web\t253:3", "id\t/dev/sdb\t8:16", "id\t/dev/sdb\t8:17", "id\t/dev/sdb1\t8:17", "id\t/images/x.raw\tf2049:12",
            "id\t/dev/loop0\t7:0", "id\t/dev/loop0\tf2049:12", "id\t/dev/loop1\t7:1", "id\t/dev/loop1\t", "id\t/dev/loop2\t",
            "use\t/dev/sdb\tmounted on /srv", "use\t/images/x.raw\tattached as /dev/loop0", "noise"));
        Assert.True(look.IsSame("/dev/vg0/web", "/dev/disk/by-id/dm-name-vg0-web"));
        Assert.True(look.IsSame("/dev/sdb", "/dev/sdb1")); // A part of it.
        Assert.True(look.IsSame("/images/x.raw", "/dev/loop0"));
        Assert.False(look.IsSame("/dev/vg0/web", "/dev/sdb"));
        Assert.False(look.IsSame("/dev/loop1", "/dev/loop2")); // Of neither is a file known.
        Assert.False(look.IsSame("/nowhere", "/dev/sdb"));
        Assert.Equal(("mounted on /srv", "attached as /dev/loop0", null), (look.UseOf("/dev/sdb"), look.UseOf("/images/x.raw"), look.UseOf("/dev/vg0/web")));
    }
}
