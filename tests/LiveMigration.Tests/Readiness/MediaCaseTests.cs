using LiveMigration.Domains;
using LiveMigration.Readiness;
using LiveMigration.Storage;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

/// <summary>Media and disks of real VMs that are never copied, and what is advised for them.</summary>
public sealed class MediaCaseTests
{
    private const string Iso = "/var/lib/libvirt/images/i.iso";
    private const string Seed = "/var/lib/libvirt/images/web-seed.img";

    [Fact]
    public void B020_a_medium_that_libvirt_ejects_by_itself_is_no_blocker() => CheckTable.Holds(
    [
        new("LM086", Warning, facts => Drive(facts, "optional"), "sda: b has no /var/lib/libvirt/images/i.iso: libvirt ejects it on the way (startupPolicy='optional')."),
        new("LM086", Warning, facts => Drive(facts, "requisite"), "libvirt ejects it on the way (startupPolicy='requisite')."),
        new("LM086", Fail, facts => Drive(facts, "mandatory"), "sda: b has no /var/lib/libvirt/images/i.iso. | virsh -c qemu:///system change-media rec sda --eject --force"),
        new("LM086", Fail, facts => Drive(facts, null), "| virsh -c qemu:///system change-media rec sda --eject --force"),
        new("LM086", Pass, facts => Drive(facts, "optional", there: true), "sda: b has /var/lib/libvirt/images/i.iso."),
        new("LM086", Warning, facts => Floppy(facts, "optional"), "fda: b has no /var/lib/libvirt/images/v.vfd: libvirt ejects it on the way"),
        new("LM078", Pass, facts => Floppy(facts, "optional"), "vda: "),
        new("LM080", Pass, facts => Floppy(facts, "optional"), "vda: "),
        // libvirt drops an optional hard disk where a domain starts, and not where one arrives.
        new("LM086", Fail, facts => Missing(facts, Seed).Device($"<disk type='file' device='disk'><source file='{Seed}' startupPolicy='optional'/><target dev='vdb'/><readonly/></disk>"), "vdb: b has no"),
        // A cloud-init seed outside every pool is found by a shell.
        new("LM086", Fail, facts => facts.Fit(fit => fit with { Files = fit.Files.Map<IReadOnlyDictionary<string, bool>>(files => new Dictionary<string, bool>(files) { ["/srv/seeds/web.iso"] = false }) })
            .Device("<disk type='file' device='cdrom'><source file='/srv/seeds/web.iso'/><target dev='sda'/><readonly/></disk>"), "sda: b has no /srv/seeds/web.iso."),
        new("LM086", Fail, facts => Missing(facts, Seed).Device($"<disk type='file' device='disk'><source file='{Seed}'/><target dev='vdb'/><readonly/></disk>"), "vdb: b has no /var/lib/libvirt/images/web-seed.img. | scp -3 -p localhost:/var/lib/libvirt/images/web-seed.img b:/var/lib/libvirt/images/web-seed.img"),
        new("LM086", Pass, facts => facts.Device("<disk type='file' device='cdrom'><target dev='sdb'/><readonly/></disk>"), "The VM has none."),
    ]);

    /// <summary>A file of that name may be another one. What may be ejected does not keep the VM from moving.</summary>
    [Fact]
    public void A_medium_is_the_same_where_it_is_proven_and_not_where_a_file_has_its_name() => CheckTable.Holds(
    [
        new("LM086", Warning, facts => Cd(facts, null), "sda: b has /var/lib/libvirt/images/i.iso, but it is not known whether its content is the same. The files of"),
        new("LM086", Pass, facts => Cd(facts, null, marker: true), "appears in pool 'default' on b."),
        new("LM086", Pass, facts => Cd(facts, null).Demand(demand => demand with { Storage = new() { AssumeShared = ["sda"] } }), "-AssumeShared sda says"),
        new("LM086", Pass, facts => Cd(facts, null, same: true), "sda: the same."),
        new("LM086", Fail, facts => Cd(facts, null, same: false), "sda: b has /var/lib/libvirt/images/i.iso, but not with the same content: the same. | virsh -c qemu:///system change-media rec sda --eject --force"),
        new("LM086", Warning, facts => Cd(facts, "optional", same: false), "but not with the same content"),
        new("LM086", Warning, facts => Volume(facts, "optional", there: false), "sda: b has no /var/lib/libvirt/images/i.iso: libvirt ejects it"),
        new("LM086", Fail, facts => Volume(facts, null, there: false), "sda: b has no /var/lib/libvirt/images/i.iso. | virsh"),
        new("LM086", Warning, facts => Volume(facts, null, there: true), "sda: b has /var/lib/libvirt/images/i.iso, but it is not known"),
        new("LM086", Warning, facts => More(facts, "<disk type='network' device='cdrom'><source protocol='nbd' name='x'><host name='127.0.0.1'/></source><target dev='sda'/><readonly/></disk>", disk => disk), "sda: It is not known whether the guest finds the same medium on b. The disk is accessed through 127.0.0.1"),
        new("LM086", Pass, facts => More(facts, "<disk type='network' device='cdrom'><source protocol='https' name='x'><host name='10.9.0.1'/></source><target dev='sda'/><readonly/></disk>", disk => disk), "The VM has none."),
    ]);

    [Fact]
    public void B029_the_fix_fits_the_kind_of_the_disk() => CheckTable.Holds(
    [
        new("LM080", Fail, facts => Floppy(facts, null), "fda: b has no /var/lib/libvirt/images/v.vfd. | virsh -c qemu:///system change-media rec fda --eject --force"),
        new("LM078", Fail, facts => Floppy(facts, null), "fda would be left behind, but it is not known whether b accesses the same data."),
        new("LM078", Fail, facts => Floppy(facts, null), "| virsh -c qemu:///system change-media rec fda --eject --force"),
        new("LM080", Fail, facts => Quorum(facts), "A disk that several VMs write to is not copied: put it on storage that both hosts access, and name its path there with -DiskMap @{ vdb = 'PATH' }. | "),
        new("LM078", Fail, facts => Quorum(facts), "vdb would be left behind"),
        new("LM078", Fail, facts => Lun(facts), "A LUN is not copied: present it to b as well, and name its path there with -DiskMap @{ sdb = 'PATH' }."),
        new("LM080", Fail, facts => Local(facts, "<disk type='file' device='disk'><source file='/srv/data.qcow2'/><target dev='vdb'/></disk>", "/srv/data.qcow2").Demand(demand => demand with { Storage = new() { Copy = CopyStorage.None } }),
            "vdb: b has no /srv/data.qcow2. | Start-VMLiveMigration rec -Destination b -CopyStorage Full"),
    ]);

    [Fact]
    public void B029_no_fix_is_one_that_was_tried_already() => Assert.All(
        ReadinessChecks.All.Where(check => check.Id is "LM078" or "LM080").SelectMany(check => new[] { Quorum(Ready), Lun(Ready), Floppy(Ready, null) }
            .SelectMany(facts => check.Run(facts.Demand(demand => demand with { Storage = new() { Copy = CopyStorage.Full } })))),
        finding => Assert.DoesNotContain("-CopyStorage Full", finding.Fix ?? "", StringComparison.Ordinal));

    private static ReadinessFacts Drive(ReadinessFacts facts, string? policy, bool there = false) => Missing(facts, Iso, there).Device(
        $"<disk type='file' device='cdrom'><source file='{Iso}'{(policy is null ? "" : $" startupPolicy='{policy}'")}/><target dev='sda' bus='sata'/><readonly/></disk>");

    private static ReadinessFacts Cd(ReadinessFacts facts, string? policy, bool? marker = null, bool? same = null) => More(
        Missing(facts, Iso, there: true), $"<disk type='file' device='cdrom'><source file='{Iso}'{(policy is null ? "" : $" startupPolicy='{policy}'")}/><target dev='sda'/><readonly/></disk>",
        disk => In(disk) with { MarkerSeen = marker, Content = same is { } found ? new BaseMatch(found, true, "the same") : null });

    private static ReadinessFacts Volume(ReadinessFacts facts, string? policy, bool there) => More(
        facts, $"<disk type='volume' device='cdrom'><source pool='default' volume='i.iso'{(policy is null ? "" : $" startupPolicy='{policy}'")}/><target dev='sda'/><readonly/></disk>",
        disk => In(disk with { Disk = disk.Disk with { Source = Iso, Chain = [new DiskSource("file") { Path = Iso }] } }) with { DestinationVolume = there ? Image(Iso) : null });

    private static DiskFacts In(DiskFacts disk) => disk with
    {
        SourcePool = Images, DestinationPool = Images, DestinationPath = Iso, SourceChain = [Image(Iso)], DestinationVolume = Image(Iso),
    };

    private static PoolFacts Images => new(new StoragePool("default", "dir", "/var/lib/libvirt/images"), true, null, 1 << 30);

    private static ReadinessFacts More(ReadinessFacts facts, string xml, Func<DiskFacts, DiskFacts> change)
    {
        var more = facts.Device(xml);
        return more.Fit(fit => fit with { Disks = Had<IReadOnlyList<DiskFacts>>([.. fit.Disks.Value, change(new DiskFacts { Disk = DiskReader.ReadAll(facts.State, more.Xml, [])[^1] })]) });
    }

    private static ReadinessFacts Floppy(ReadinessFacts facts, string? policy) => Local(
        facts, $"<disk type='file' device='floppy'><source file='/var/lib/libvirt/images/v.vfd'{(policy is null ? "" : $" startupPolicy='{policy}'")}/><target dev='fda' bus='fdc'/></disk>", "/var/lib/libvirt/images/v.vfd",
        new PoolFacts(new StoragePool("default", "dir", "/var/lib/libvirt/images"), true, null, 1 << 30));

    private static ReadinessFacts Quorum(ReadinessFacts facts) => Local(
        facts, "<disk type='file' device='disk'><driver type='raw'/><source file='/srv/quorum.raw'/><target dev='vdb'/><shareable/></disk>", "/srv/quorum.raw");

    private static ReadinessFacts Lun(ReadinessFacts facts) => Local(
        facts, "<disk type='block' device='lun'><driver type='raw'/><source dev='/dev/sdq'/><target dev='sdb' bus='scsi'/></disk>", "/dev/sdq");

    /// <summary>A disk more, which the destination does not have.</summary>
    private static ReadinessFacts Local(ReadinessFacts facts, string xml, string path, PoolFacts? pool = null)
    {
        var more = Missing(facts, path).Device(xml);
        var disk = DiskReader.ReadAll(facts.State, more.Xml, [])[^1];
        return more.Fit(fit => fit with { Disks = Had<IReadOnlyList<DiskFacts>>([.. fit.Disks.Value, new DiskFacts { Disk = disk, DestinationPath = path, DestinationPool = pool }]) });
    }

    private static ReadinessFacts Missing(ReadinessFacts facts, string path, bool there = false) =>
        facts.Fit(fit => fit with { Paths = Had<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool>(fit.Paths.Value) { [path] = there }) });
}
