using System.Diagnostics;
using System.Xml.Linq;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.CheckStatus;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness;

/// <summary>R5: NVRAM and TPM state that the destination has from an earlier time, or of another VM.</summary>
public sealed class DeviceStateCaseTests
{
    private const string Default = "/var/lib/libvirt/qemu/nvram/rec_VARS.fd";
    private const string Own = "/srv/nvram/web.fd";
    private const string Uefi = "<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>";
    private const string Tpm = "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>";

    private static readonly StateFile Vars = new(540672, 1_790_000_000.123456789m, "ext2/ext3");
    private static readonly string TpmPath = $"/var/lib/libvirt/swtpm/{Ready.Xml.Element("uuid")!.Value}";

    [Fact]
    public void R5_NVRAM_at_the_default_path() => CheckTable.Holds(
    [
        new("LM111", Pass, facts => facts, "The VM has no NVRAM file and no emulated TPM."),
        new("LM111", Pass, facts => At(Os(facts, Uefi), Vars, null), $"{Default}: b has no {Default}: the NVRAM arrives with the VM, in a file that libvirt makes from the firmware's template."),
        new("LM111", Warning, facts => At(Os(facts, Uefi), Vars, Vars with { Changed = 12 }), $"b has {Default} from an earlier time: the NVRAM that arrives replaces it. Move it out of the way if it may be another VM's. | ssh b 'mv \"{Default}\" \"{Default}.old\"'"),
        new("LM111", Warning, facts => At(Os(facts, "", "<os firmware='efi'/>"), Vars, Vars with { Changed = 0 }), $"b has {Default} from an earlier time"),
        new("LM111", Fail, facts => At(Os(facts, Uefi), Vars, Vars with { Size = 131072, Changed = 12 }), $"{Default} on b has 131072 bytes, and the VM's NVRAM has 540672: QEMU does not accept it. Move it out of the way. | ssh b 'mv"),
        new("LM111", Pass, facts => At(Os(facts, Uefi), Vars, Vars), $"{Default} is the same file on both hosts."),
        new("LM111", Pass, facts => At(Known(Os(facts, Uefi)), Vars, Vars with { Changed = 12 }), $"b has {Default} from the time when the VM ran there"),
        new("LM111", Unknown, facts => Os(facts, Uefi).Fit(fit => fit with { States = fit.States.Map(states => states with { There = Fact<IReadOnlyDictionary<string, StateFile?>>.Untold("Files can be looked for only on b itself.") }) }), "Files can be looked for only on b itself."),
        new("LM111", Unknown, facts => Os(facts, Uefi).Fit(fit => fit with { States = fit.States.Map(states => states with { There = Files(new Dictionary<string, StateFile?>()) }) }), $"b does not report whether it has {Default}; connect over qemu+ssh as root to check it."),
        new("LM111", Unknown, facts => Os(facts, Uefi).Fit(fit => fit with { States = Fact<DeviceStates>.Failed("b: no route.") }), "b: no route."),
        new("LM111", Pass, facts => Os(facts, "<loader readonly='yes' type='pflash' stateless='yes'>/x</loader>"), "The VM has no NVRAM file"),
        new("LM111", Warning, facts => At(Os(facts, Uefi), Vars, null).Demand(demand => demand with { Offline = true }), $"-Offline copies the definition only: b would start the VM with new NVRAM. Copy it yourself. | scp -3 -p localhost:{Default} b:{Default}"),
    ]);

    [Fact]
    public void R5_NVRAM_at_a_path_of_its_own() => CheckTable.Holds(
    [
        new("LM111", Warning, facts => At(Os(facts, $"{Uefi}<nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd'>{Own}</nvram>"), Vars, Vars with { Changed = 12 }), $"b has {Own} from an earlier time"),
        new("LM111", Warning, facts => At(Os(facts, $"{Uefi}<nvram type='file'><source file='{Own}'/></nvram>"), Vars, Vars with { Changed = 12 }), $"b has {Own} from an earlier time"),
        // The size of a qcow2 is not that of the flash.
        new("LM111", Warning, facts => At(Os(facts, $"{Uefi}<nvram format='qcow2'>{Own}</nvram>"), Vars, Vars with { Size = 196608, Changed = 12 }), $"b has {Own} from an earlier time"),
        new("LM111", Pass, facts => Os(facts, $"{Uefi}<nvram type='block'><source dev='/dev/vg0/vars'/></nvram>"), "The VM has no NVRAM file"),
        new("LM111", Fail, facts => At(Os(facts, $"{Uefi}<nvram>{Own}</nvram>"), Vars, Vars with { Changed = 12 }, "other"), $"{Own} on b is the NVRAM of 'other' as well, which the VM would overwrite. Name another path in one of the two definitions (virsh edit)."),
        // What libvirt tells needs no shell.
        new("LM111", Fail, facts => At(Os(facts, $"{Uefi}<nvram>{Own}</nvram>"), null, null, "other").Fit(fit => fit with { States = fit.States.Map(states => states with { There = Fact<IReadOnlyDictionary<string, StateFile?>>.Untold("no shell") }) }), "is the NVRAM of 'other' as well"),
    ]);

    [Fact]
    public void R5_TPM_state_by_UUID_and_by_path() => CheckTable.Holds(
    [
        new("LM111", Pass, facts => At(facts.Device(Tpm), Vars, null), $"b has no {TpmPath}: the TPM state arrives with the VM."),
        new("LM111", Warning, facts => At(facts.Device(Tpm), Vars, Vars with { Size = 6013, Changed = 12 }), $"b has {TpmPath} from an earlier time: the TPM state that arrives replaces it, and libvirt removes it if the migration fails."),
        new("LM111", Fail, facts => At(facts.Device(Tpm), Vars, Vars), $"{TpmPath} is the same on both hosts, and as libvirt on a does not know that it is shared (ext2/ext3), the migration would fail, and libvirt would remove the state of the running TPM."),
        // A server of NFS has its own share on a disk; the size is that of a file which is written meanwhile.
        new("LM111", Fail, facts => At(facts.Device(Tpm), Vars, Vars with { Size = 6013, FileSystem = "nfs" }), "libvirt on a does not know that it is shared (ext2/ext3)"),
        new("LM111", Fail, facts => At(facts.Device(Tpm), Vars with { FileSystem = "nfs" }, Vars with { FileSystem = "fuse" }), "libvirt on b does not know that it is shared (fuse)"),
        new("LM111", Fail, facts => At(facts.Device(Tpm), Vars with { FileSystem = null }, Vars with { FileSystem = null }), "whether libvirt knows that it is shared can be seen only over qemu+ssh"),
        new("LM111", Fail, facts => At(facts.Device(Tpm), Vars with { FileSystem = StateFile.Named }, Vars with { FileSystem = StateFile.Named }), "libvirt on a does not know that it is shared (shared_filesystems)"),
        new("LM111", Pass, facts => At(New(facts.Device(Tpm)), Vars with { FileSystem = StateFile.Named }, Vars with { FileSystem = "nfs" }), "on storage that libvirt knows to be shared"),
        new("LM111", Pass, facts => At(facts.Device(Tpm), Vars with { FileSystem = "nfs" }, Vars with { FileSystem = "nfs" }), $"{TpmPath} is the same on both hosts, on storage that libvirt knows to be shared."),
        // A host that does not tell when a file was changed proves nothing.
        new("LM111", Warning, facts => At(facts.Device(Tpm), Vars with { Changed = null }, Vars with { Changed = null }), $"b has {TpmPath} from an earlier time"),
        new("LM111", Fail, facts => At(facts.Device("<tpm><backend type='emulator'><source type='dir' path='/srv/tpm'/></backend></tpm>"), Vars, Vars with { Changed = 2 }, "other"), "/srv/tpm on b is the TPM state of 'other' as well"),
        new("LM111", Warning, facts => At(facts.Device(Tpm), Vars, Vars with { Changed = 2 }).Demand(demand => demand with { Offline = true }), $"b would start the VM with the TPM state that {TpmPath} has there. Copy it yourself."),
        new("LM111", Pass, facts => facts.Device("<tpm><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>"), "no emulated TPM"),
    ]);

    [Fact]
    public async Task R5_a_shell_tells_of_the_files()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var folder = Directory.CreateTempSubdirectory("it's state ").FullName;
        try
        {
            var tpm = Path.Combine(folder, "uuid");
            Directory.CreateDirectory(Path.Combine(tpm, "tpm2"));
            Directory.CreateDirectory(Path.Combine(folder, "empty"));
            await File.WriteAllTextAsync(Path.Combine(tpm, "tpm2", "tpm2-00.permall"), "four");
            await File.WriteAllTextAsync(Path.Combine(folder, "web VARS.fd"), "seventeen letters");
            string[] paths = [tpm, Path.Combine(folder, "empty"), Path.Combine(folder, "web VARS.fd"), Path.Combine(folder, "none", "x.fd")];
            var seen = await StateFile.AtAsync(Given.Host("a", "qemu:///system"), [.. paths.Select(path => new StatePlace(false, path))], wantsShell: true, CancellationToken.None);
            Assert.Equal([4L, null, 17L, null], paths.Select(path => seen[path]?.Size));
            var again = await StateFile.AtAsync(Given.Host("a", "qemu:///system"), [new StatePlace(false, paths[2])], wantsShell: true, CancellationToken.None);
            Assert.Equal(seen[paths[2]], again[paths[2]]);
            Assert.NotEqual(seen[paths[2]], seen[paths[0]]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ReadinessFacts Os(ReadinessFacts facts, string more, string os = "<os/>") => With(facts.Xml(xml =>
    {
        xml.Element("name")!.Value = "rec";
        xml.Element("os")!.ReplaceWith(XElement.Parse(more.Length > 0 ? $"<os>{more}</os>" : os));
    }));

    private static ReadinessFacts With(ReadinessFacts facts) => facts.Fit(fit => fit with { States = Had(DeviceStates.None with { Places = [.. StatePlace.Of(facts.TargetXml)] }) });

    /// <summary>Those files of the source and the destination, where the definition has its state.</summary>
    /// <summary>The list ends at its bracket, on whichever line that is; what is commented out, and what follows, is not in it.</summary>
    [Theory]
    [InlineData("shared_filesystems = [ \"/a\", \"/b c\" ]\nuser = \"root\"\nx = [ \"/no\" ]", "/a,/b c")]
    [InlineData(" shared_filesystems=[\"/a\"] # [ \"/no\" ]", "/a")]
    [InlineData("shared_filesystems = [\n  \"/a#1\", # \"/no\"\n  # \"/no\"\n  \"/b\"\n]\nuser = \"no\"", "/a#1,/b")]
    [InlineData("#shared_filesystems = [ \"/no\" ]", "")]
    [InlineData("shared_filesystems = []\nuser = \"no\"\n", "")]
    [InlineData("", "")]
    public async Task What_libvirt_is_told_to_be_shared_is_read_to_its_bracket(string configuration, string folders)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, configuration);
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", StateFile.SharedFolders(file)]) { RedirectStandardOutput = true })!;
            var said = await shell.StandardOutput.ReadToEndAsync();
            Assert.Equal(folders, string.Join(',', said.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ReadinessFacts At(ReadinessFacts facts, StateFile? here, StateFile? there, params string[] users)
    {
        var path = Assert.Single(StatePlace.Of(facts.TargetXml)).Path;
        return With(facts).Fit(fit => fit with
        {
            States = fit.States.Map(states => states with
            {
                Users = users.ToLookup(_ => path),
                Here = Files(new Dictionary<string, StateFile?> { [path] = here }),
                There = Files(new Dictionary<string, StateFile?> { [path] = there }),
            }),
        });
    }

    private static Fact<IReadOnlyDictionary<string, StateFile?>> Files(IReadOnlyDictionary<string, StateFile?> files) => Had(files);

    private static ReadinessFacts New(ReadinessFacts facts) =>
        facts.Source(host => host.Info(info => info with { LibvirtVersion = new(11, 3, 0) })).Destination(host => host.Info(info => info with { LibvirtVersion = new(11, 3, 0) }));

    private static ReadinessFacts Known(ReadinessFacts facts) =>
        facts.Destination(host => host with { Domains = Had<IReadOnlyList<LiveMigration.Domains.LibvirtDomain>>([facts.State with { Status = Given.ShutOff }]) });
}
