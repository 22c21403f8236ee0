using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;
using LiveMigration.Units;

namespace LiveMigration.Tests.Storage;

/// <summary>S2, L1 to L5: what both hosts say of a disk decides what happens to it.</summary>
public sealed class DiskPlannerTests
{
    private const long GiB = 1L << 30;

    private static readonly PoolFacts Pool = new(new StoragePool("default", "dir", "/images"), IsActive: true, Origin: null, Available: 100 * GiB);
    private static readonly BackingLayer Base = new("/base/debian.qcow2", "qcow2");
    private static readonly Volume Image = Volume("/images/web-vda.qcow2");
    private static readonly Volume Device = Volume("/dev/vg0/web") with { Format = "raw" };
    private static readonly BaseMatch Same = new(IsSame: true, IsThere: true, "same");

    private static readonly DomainDisk Raw = Disk("vda") with { Format = "raw" };

    /// <summary>A disk that only the source has.</summary>
    private static readonly DiskFacts Local = new()
    {
        Disk = Disk("vda"),
        SourcePool = Pool,
        SourceChain = [Image],
        DestinationPath = "/images/web-vda.qcow2",
        DestinationPool = Pool,
        MarkerSeen = false,
    };

    private static readonly DiskFacts Shared = Local with { Disk = Disk("vdb"), DestinationPath = "/images/web-vdb.qcow2", MarkerSeen = true };

    private static readonly DiskFacts Overlay = Local with
    {
        SourceChain = [Image with { Backing = Base, Allocation = GiB }, Volume(Base.Path)],
        Base = Same,
    };

    [Fact]
    public void What_only_the_source_has_is_copied_and_its_image_made()
    {
        var move = Assert.Single(Plan([Local]));
        Assert.Equal((StorageAccess.Local, DiskTransfer.Full, true, null), (move.Access, move.Transfer, move.MakesImage, move.Backing));
        Assert.Equal((ByteSize.Parse("20GiB"), ByteSize.Parse("5GiB"), "qcow2"), (move.Capacity, move.Bytes, move.Format));
        Assert.Equal("vda: 5 GiB are copied from /images/web-vda.qcow2 to /images/web-vda.qcow2, which is created", move.ToString());
    }

    [Fact]
    public void Of_several_only_the_local_ones_are_copied() =>
        Assert.Equal([DiskTransfer.Full, DiskTransfer.None], Plan([Local, Shared]).Select(move => move.Transfer));

    [Fact]
    public void An_overlay_is_copied_above_a_base_that_is_the_same()
    {
        var move = Assert.Single(Plan([Overlay]));
        Assert.Equal((DiskTransfer.Incremental, Base, ByteSize.Parse("1GiB")), (move.Transfer, move.Backing, move.Bytes));
    }

    [Fact]
    public void An_overlay_whose_base_differs_takes_it_in()
    {
        var move = Assert.Single(Plan([Overlay with { Base = Same with { IsSame = false } }]));
        Assert.Equal((DiskTransfer.Full, null, ByteSize.Parse("6GiB")), (move.Transfer, move.Backing, move.Bytes));
    }

    [Fact]
    public void One_overlay_that_has_to_be_whole_makes_all_whole() => Assert.All(
        Plan([Overlay, Overlay with { Disk = Disk("vdb"), DestinationPath = "/images/b", Base = Same with { IsSame = false } }]),
        move => Assert.Equal(DiskTransfer.Full, move.Transfer));

    [Fact]
    public void A_disk_without_base_goes_whole_beside_an_overlay() => Assert.Equal(
        [DiskTransfer.Incremental, DiskTransfer.Full],
        Plan([Overlay, Local with { Disk = Disk("vdb"), DestinationPath = "/images/b" }]).Select(move => move.Transfer));

    /// <summary>Nothing is known of a device and a file, and nothing is there: it is copied. Of one export that contradicts itself something may be there all the same.</summary>
    [Fact]
    public void What_is_not_known_is_copied_where_that_cannot_overwrite_anything()
    {
        var device = Local with { Disk = Local.Disk with { Type = "block", Source = "/dev/vg0/web", Format = "raw", Chain = [new DiskSource("block") { Path = "/dev/vg0/web" }] }, IsMapped = true, MarkerSeen = false };
        Assert.Equal((StorageAccess.Unknown, DiskTransfer.Full), (Plan([device])[0].Access, Plan([device])[0].Transfer));
        var export = Pool with { Origin = "filer:/export", Servers = [new DiskServer("10.9.0.1")] };
        var contradicted = Local with { SourcePool = export, DestinationPool = export, DestinationPath = Local.Disk.Source, MarkerSeen = false, DestinationVolume = null };
        Refused(Faults.DiskNotShared, [contradicted], new());
        Refused(Faults.DiskNotShared, [contradicted], new() { Copy = CopyStorage.Full });
    }

    [Fact]
    public void What_the_guest_cannot_write_stays_behind() => Assert.All(
        Plan([Local with { Disk = Local.Disk with { ReadOnly = true }, Content = Same }, Local with { Disk = Local.Disk with { Device = "cdrom", ReadOnly = true } }]),
        move => Assert.Equal(DiskTransfer.None, move.Transfer));

    /// <summary>M6, B029.</summary>
    [Fact]
    public void What_cannot_be_copied_is_not_left_behind_either()
    {
        foreach (var disk in new[] { Local.Disk with { Shareable = true }, Local.Disk with { Device = "floppy" }, Local.Disk with { Device = "lun" } })
            Refused(Faults.DiskNotShared, [Local with { Disk = disk }], new() { Copy = CopyStorage.Full });
        Refused(Faults.DiskNotShared, [Local], new() { Copy = CopyStorage.None });
        // Nobody writes it, and the destination has other data in its place, or nobody knows.
        foreach (var content in new[] { null, Same with { IsSame = false } })
            Refused(Faults.DiskNotShared, [Local with { Disk = Local.Disk with { ReadOnly = true }, Content = content }], new());
        Refused(Faults.DiskNotShared, [Local, Local with { Disk = Disk("vdb"), DestinationPath = "/images/b" }], new() { Disks = ["vdb"] });
        Assert.Equal([DiskTransfer.None, DiskTransfer.Full], Plan([Local, Local with { Disk = Disk("vdb"), DestinationPath = "/images/b" }], new() { Disks = ["vdb"], ImagesOnly = true }).Select(move => move.Transfer));
        Assert.Equal(DiskTransfer.None, Plan([Shared with { Disk = Shared.Disk with { Shareable = true } }], new() { Copy = CopyStorage.None })[0].Transfer);
    }

    [Fact]
    public void What_cannot_be_told_is_copied_unless_that_could_overwrite_it()
    {
        var unknown = Local with { SourcePool = null, SourceChain = [], MarkerSeen = null };
        Assert.Equal((DiskTransfer.Full, StorageAccess.Unknown), (Plan([unknown])[0].Transfer, Plan([unknown])[0].Access));
        foreach (var copy in new CopyStorage?[] { null, CopyStorage.Full })
            Refused(Faults.DiskNotShared, [unknown with { DestinationVolume = Image }], new() { Copy = copy });
        Refused(Faults.DiskNotShared, [unknown], new() { Copy = CopyStorage.None });
    }

    [Fact]
    public void Pools_of_one_network_share_are_shared_without_a_marker()
    {
        var nfs = new PoolFacts(new StoragePool("nfs", "netfs", "/images"), IsActive: true, "filer:/export", 0);
        Assert.Equal(StorageAccess.Shared, Plan([Local with { SourcePool = nfs, DestinationPool = nfs, MarkerSeen = null }])[0].Access);
        Assert.Equal(DiskTransfer.Full, Plan([Local with { SourcePool = nfs, DestinationPool = Pool }])[0].Transfer);
    }

    [Fact]
    public void A_pool_that_is_missing_is_set_up_where_that_is_allowed()
    {
        var missing = Local with { DestinationPool = null, MarkerSeen = null };
        Refused(Faults.DestinationPoolMissing, [missing], new() { Copy = CopyStorage.Full });
        var move = Plan([missing], new() { Copy = CopyStorage.Full, AllowPoolSetup = true })[0];
        Assert.Equal((true, "/images"), (move.Pool!.IsNew, move.Pool.Pool.TargetPath));
        Refused(Faults.DestinationPoolMissing, [missing with { DestinationPool = Pool with { IsActive = false } }], new() { Copy = CopyStorage.Full });
    }

    /// <summary>B006: internal snapshots do not travel, and stay where they are; nothing that is encrypted becomes readable.</summary>
    [Fact]
    public void What_a_copy_would_not_have_stays_or_is_not_copied()
    {
        var plain = new Qcow2Header(3, 65536, 0, 0, IsEncrypted: false, HasDataFile: false);
        var snapshots = Local with { Header = plain with { Snapshots = 2 } };
        Assert.Equal("2 internal snapshots", Plan([snapshots])[0].Loses);
        foreach (var after in new[] { SourceDisk.Remove, SourceDisk.Rename })
        {
            Refused(Faults.ImageHoldsMore, [snapshots], new() { SourceDisk = after });
            Refused(Faults.ImageHoldsMore, [Local], new() { SourceDisk = after }); // Nobody could read it.
            Assert.Equal(("2 internal snapshots", after), (Plan([snapshots], new() { SourceDisk = after, AllowLosingSnapshots = ["vda"] })[0] is var move ? move.Loses : "", move.SourceDisk));
            Assert.Equal(after, Plan([Local], new() { SourceDisk = after, AllowLosingSnapshots = ["vda"] })[0].SourceDisk);
            Assert.Null(Plan([Local with { Header = plain with { Bitmaps = 3 } }], new() { SourceDisk = after })[0].Loses); // libvirt carries bitmaps.
        }

        Refused(Faults.ImageHoldsMore, [Local with { Header = plain with { HasDataFile = true } }], new());
        Refused(Faults.ImageHoldsMore, [Local with { Header = plain with { IsEncrypted = true } }], new());
        var luks = Local with { Disk = Raw with { Encrypted = true } };
        Refused(Faults.ImageHoldsMore, [luks], new());
        // Into an image that was made for it, with its secret.
        Assert.False(Plan([luks with { DestinationVolume = Image with { IsEncrypted = true } }], new() { Copy = CopyStorage.Full })[0].MakesImage);
        Refused(Faults.ImageHoldsMore, [luks with { DestinationVolume = Image }], new() { Copy = CopyStorage.Full });
        Assert.Equal(DiskTransfer.None, Plan([Shared with { Disk = Shared.Disk with { Encrypted = true }, Header = plain with { Snapshots = 1, IsEncrypted = true } }], new() { SourceDisk = SourceDisk.Remove })[0].Transfer);
    }

    /// <summary>Nothing that is encrypted becomes readable: not the copy, and not what libvirt renames by copying it.</summary>
    [Fact]
    public void An_encrypted_image_is_made_encrypted_or_not_at_all()
    {
        var key = new DiskEncryption("passphrase", "f52a81b2-424e-490c-823d-6bd4235bc572", null);
        var luks = Local with { Disk = Raw with { Encrypted = true, Encryption = key } };
        var move = Plan([luks])[0];
        Assert.Equal((true, key), (move.MakesImage, move.Encryption));
        Assert.EndsWith("which is created, encrypted", move.ToString(), StringComparison.Ordinal);
        Assert.Null(Plan([Local])[0].Encryption);
        Refused(Faults.ImageHoldsMore, [luks with { Disk = luks.Disk with { Format = "vmdk" } }], new());
        Refused(Faults.ImageHoldsMore, [Local with { Disk = Raw with { LiesOnEncrypted = true } }], new());
        Assert.Equal(SourceDisk.Remove, Plan([luks], new() { SourceDisk = SourceDisk.Remove, AllowLosingSnapshots = ["vda"] })[0].SourceDisk);
        Refused(Faults.ImageHoldsMore, [luks], new() { SourceDisk = SourceDisk.Rename, AllowLosingSnapshots = ["vda"] });
        // libvirt tells it of what a guest encrypted by itself, too.
        Refused(Faults.ImageHoldsMore, [Local with { SourceChain = [Image with { IsEncrypted = true }] }], new() { SourceDisk = SourceDisk.Rename, AllowLosingSnapshots = ["vda"] });
    }

    [Theory]
    [InlineData("<source file='/a'><encryption format='luks'><secret type='passphrase' uuid='1'/></encryption></source>", "<encryption format='luks'><secret type='passphrase' uuid='1' /></encryption>")]
    [InlineData("<encryption format='luks'><secret type='passphrase' usage='web'/></encryption>", "<encryption format='luks'><secret type='passphrase' usage='web' /></encryption>")]
    [InlineData("<source file='/a'/>", null)]
    [InlineData("<encryption format='qcow'><secret type='passphrase' uuid='1'/></encryption>", null)]
    [InlineData("<encryption format='luks2' engine='librbd'><secret type='passphrase' uuid='1'/></encryption>", null)]
    [InlineData("<encryption format='luks'/>", null)]
    [InlineData("<encryption format='luks'><secret type='passphrase' uuid='1'/><secret type='passphrase' uuid='2'/></encryption>", null)]
    public void What_libvirt_can_encrypt_a_new_image_with(string disk, string? encryption)
    {
        var found = DiskEncryption.Of(XElement.Parse($"<disk type='file'>{disk}</disk>"));
        Assert.Equal(encryption?.Replace('\'', '"'), found?.ToXml().ToString(SaveOptions.DisableFormatting));
        if (found is not null)
            Assert.Equal(encryption!.Replace('\'', '"'), XElement.Parse(VolumeXml.Of("web.qcow2", "qcow2", GiB, 0, null, null, found)).Element("target")!.Element("encryption")!.ToString(SaveOptions.DisableFormatting));
    }

    [Theory]
    [InlineData(2, 65536, "0.10")]
    [InlineData(3, 2097152, "1.1")]
    public void An_image_is_made_with_the_version_and_cluster_size_of_the_original(int version, long cluster, string compat)
    {
        var xml = XElement.Parse(VolumeXml.Of("web.qcow2", "qcow2", GiB, 0, null, new Qcow2Header(version, cluster, 0, 0, false, false)));
        Assert.Equal((compat, $"{cluster}"), (xml.Element("target")!.Element("compat")!.Value, xml.Element("target")!.Element("clusterSize")!.Value));
        Assert.Single(XElement.Parse(VolumeXml.Of("web.raw", "raw", GiB, 0, null, new Qcow2Header(version, cluster, 0, 0, false, false))).Element("target")!.Elements());
    }

    /// <summary>V4: the way home leads over the VM's own old image, and over no other.</summary>
    [Fact]
    public void What_the_domain_itself_left_there_makes_room()
    {
        var left = Local with { DestinationVolume = Image with { Capacity = GiB }, IsLeftByIt = true };
        var move = Assert.Single(Plan([left]));
        Assert.Equal((true, left.DestinationVolume), (move.MakesImage, move.Replaced));
        Assert.EndsWith("which is created in place of the image that the VM left there", move.ToString(), StringComparison.Ordinal);
        Refused(Faults.DestinationImageExists, [left with { IsLeftByIt = false }], new());
        Refused(Faults.DestinationImageInUse, [left with { UsedBy = ["db"] }], new());
        // Its space is free again.
        Assert.True(Plan([left with { DestinationPool = Pool with { Available = 16 * GiB } }])[0].MakesImage);
        Refused(Faults.InsufficientStorage, [left with { DestinationPool = Pool with { Available = 14 * GiB } }], new());
    }

    /// <summary>B026: a folder that no pool has is looked at, and the image made, through a pool of ours.</summary>
    [Fact]
    public void Without_a_pool_the_folder_will_do()
    {
        var folder = PoolFacts.Absent("/srv/vms/web", 100 * GiB);
        var absent = Local with { SourcePool = null, SourceChain = [], MarkerSeen = null, DestinationPath = "/srv/vms/web/disk", DestinationPool = folder };
        var move = Assert.Single(Plan([absent]));
        Assert.Equal((StorageAccess.Local, DiskTransfer.Full, true, folder), (move.Access, move.Transfer, move.MakesImage, move.Pool));
        Assert.Equal("b has no folder /srv/vms/web.", move.Evidence);
        Refused(Faults.InsufficientStorage, [absent with { DestinationPool = PoolFacts.Absent("/srv/vms/web", GiB) }], new());
        Assert.True(Plan([absent], new() { AllowPoolSetup = true })[0].Pool!.IsNew);
        Refused(Faults.SourceImageNotLocal, [Local with { SourcePool = Pool with { IsMomentary = true } }], new() { SourceDisk = SourceDisk.Remove });
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(21, true)]
    public void A_named_device_takes_a_raw_disk_and_a_larger_one_in_part_whatever_was_on_it(long size, bool part)
    {
        var device = Device with { Length = size * GiB, Capacity = GiB, Format = "qcow2" };
        var there = Local with { Disk = Raw, DestinationPath = Device.Path, IsMapped = true, DestinationVolume = device };
        var move = Assert.Single(Plan([there]));
        Assert.Equal((DiskTransfer.Full, false, part), (move.Transfer, move.MakesImage, move.TakesPart));
    }

    public static TheoryData<Fault, Func<object>, StorageOptions> Refusals => new()
    {
        // The same device under another name: a copy onto itself would write old blocks over new ones.
        { Faults.DiskNotShared, () => Local with { Disk = Raw, SourcePool = null, MarkerSeen = null, DestinationPath = Device.Path, IsMapped = true, DestinationVolume = Device with { Length = 20 * GiB } }, new() },
        { Faults.NoSuchDisk, () => Local, new() { Disks = ["vdz"] } },
        { Faults.NoSuchDisk, () => Shared, new() { AssumeShared = ["vdb", "vdz"] } },
        { Faults.NoSuchDisk, () => Shared, new() { AllowLosingSnapshots = ["vdz"] } },
        { Faults.ReadOnlyDiskInCopy, () => Local with { Disk = Local.Disk with { ReadOnly = true } }, new() { Disks = ["vda"] } },
        { Faults.ReadOnlyDiskInCopy, () => Local with { Disk = Local.Disk with { Device = "cdrom" } }, new() { Disks = ["vda"] } },
        { Faults.SharedDiskInCopy, () => Local with { Disk = Local.Disk with { Shareable = true } }, new() { Disks = ["vda"] } },
        { Faults.SharedDiskInCopy, () => Shared, new() { Disks = ["vdb"] } },
        { Faults.SharedDiskInCopy, () => Shared, new() { Copy = CopyStorage.Full } },
        { Faults.SameImage, () => Local with { DestinationPath = "/other/link", ChangesTogether = true, DestinationVolume = Image }, new() { Disks = ["vda"] } },
        { Faults.DestinationImageExists, () => Local with { DestinationVolume = Image }, new() },
        { Faults.DestinationImageInUse, () => Local with { DestinationVolume = Image, UsedBy = ["db"] }, new() { Copy = CopyStorage.Full } },
        { Faults.ImagesDiffer, () => Local with { DestinationVolume = Image with { Capacity = 1 } }, new() { Copy = CopyStorage.Full } },
        { Faults.ImagesDiffer, () => Local with { DestinationVolume = Image with { Format = "raw" } }, new() { Copy = CopyStorage.Full } },
        { Faults.ImagesDiffer, () => Overlay with { DestinationVolume = Image }, new() { Copy = CopyStorage.Incremental } },
        { Faults.NoBackingFile, () => Local, new() { Copy = CopyStorage.Incremental } },
        { Faults.BackingFileMissing, () => Overlay with { Base = new(false, false, "none") }, new() { Copy = CopyStorage.Incremental } },
        { Faults.BackingFileDiffers, () => Overlay with { Base = new(false, true, "other") }, new() { Copy = CopyStorage.Incremental } },
        { Faults.BlockDeviceDestination, () => Local with { DestinationPath = "/dev/vg0/web", DestinationVolume = Image }, new() { Copy = CopyStorage.Full } },
        { Faults.DiskNotShared, () => Local with { MarkerSeen = null, DestinationVolume = Image }, new() { Copy = CopyStorage.Full } },
        { Faults.BlockDeviceDestination, () => Local with { DestinationPath = "/dev/vg0/web", IsMapped = true }, new() { Copy = CopyStorage.Full } },
        { Faults.BlockDeviceDestination, () => Local with { DestinationPath = "/dev/vg0/web", IsMapped = true, DestinationVolume = Device with { Length = 19 * GiB }, Disk = Raw }, new() { Copy = CopyStorage.Full } },
        { Faults.ImagesDiffer, () => Local with { DestinationPath = "/dev/vg0/web", IsMapped = true, DestinationVolume = Device }, new() { Copy = CopyStorage.Full } },
        { Faults.SourceImageNotLocal, () => Local with { DestinationPath = "/images/other", MarkerSeen = true }, new() { SourceDisk = SourceDisk.Remove } },
        { Faults.SourceImageNotLocal, () => Local with { MarkerSeen = null }, new() { Copy = CopyStorage.Full, SourceDisk = SourceDisk.Rename } },
        { Faults.InsufficientStorage, () => Local with { DestinationPool = Pool with { Available = 19 * GiB } }, new() },
        { Faults.InsufficientStorage, () => Local with { DestinationPool = Pool with { Available = 4 * GiB } }, new() { AllowOvercommit = true } },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refuses_what_would_fail_or_destroy(Fault fault, Func<object> facts, StorageOptions options) => Refused(fault, [(DiskFacts)facts()], options);

    [Fact]
    public void Space_that_is_not_used_yet_can_be_risked() =>
        Assert.True(Plan([Local with { DestinationPool = Pool with { Available = 19 * GiB } }], new() { AllowOvercommit = true })[0].MakesImage);

    [Fact]
    public void All_images_of_a_pool_must_fit_together()
    {
        var small = Pool with { Available = 30 * GiB };
        Refused(Faults.InsufficientStorage, [Local with { DestinationPool = small }, Local with { Disk = Disk("vdb"), DestinationPath = "/images/b", DestinationPool = small }], new());
    }

    [Fact]
    public void All_images_of_pools_over_one_file_system_must_fit_together()
    {
        var small = Pool with { Available = 30 * GiB, Capacity = 500 * GiB };
        var other = small with { Pool = new StoragePool("fast", "dir", "/fast") };
        DiskFacts[] disks = [Local with { DestinationPool = small }, Local with { Disk = Disk("vdb"), DestinationPath = "/fast/b", DestinationPool = other }];
        Assert.Equal(
            "Pools 'default', 'fast' on b are taken for one file system, as their sizes and free space are equal: it has 30 GiB free; vda, vdb may grow to 40 GiB.",
            Assert.Throws<LiveMigrationException>(() => Plan(disks)).Message);
        Assert.Equal(2, Plan([disks[0], disks[1] with { DestinationPool = other with { Capacity = 400 * GiB } }]).Count);
    }

    private static DomainDisk Disk(string target) => new()
    {
        Name = "web", HostName = "a", Target = target, Device = "disk", Type = "file", Format = "qcow2", Source = $"/images/web-{target}.qcow2",
        ReadOnly = false, Shareable = false, Capacity = ByteSize.Parse("20GiB"), Access = StorageAccess.Local, Evidence = "",
    };

    private static Volume Volume(string path) =>
        new("default", path, path, "qcow2", 20 * GiB, 5 * GiB, 5 * GiB, Backing: null, Changed: 1);

    private static IReadOnlyList<DiskMove> Plan(IReadOnlyList<DiskFacts> disks, StorageOptions? options = null) =>
        DiskPlanner.Plan(disks, options ?? StorageOptions.Default, "a", "b");

    private static void Refused(Fault fault, IReadOnlyList<DiskFacts> disks, StorageOptions options) =>
        Assert.Equal(fault, Assert.Throws<LiveMigrationException>(() => Plan(disks, options)).Fault);
}
