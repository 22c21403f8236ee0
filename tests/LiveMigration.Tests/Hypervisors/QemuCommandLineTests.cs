using LiveMigration.Hypervisors.Qemu;

namespace LiveMigration.Tests.Hypervisors;

/// <summary>A command line → that of a twin.</summary>
public sealed class QemuCommandLineTests
{
    [Theory]
    [InlineData("-M q35 -m 64", "-M pc-q35-7.2 -m 64 -S -incoming defer")]
    [InlineData("-machine q35,memory-backend=ram0 -m 64", "-machine pc-q35-7.2,memory-backend=ram0 -m 64 -S -incoming defer")]
    [InlineData("-machine memory-backend=ram0,type=q35", "-machine memory-backend=ram0,type=pc-q35-7.2 -S -incoming defer")]
    [InlineData("--machine q35", "-machine pc-q35-7.2 -S -incoming defer")]
    [InlineData("-m 64", "-m 64 -machine pc-q35-7.2 -S -incoming defer")]
    [InlineData("-M q35 -incoming tcp:0:4444 -S -daemonize -loadvm snap -nodefaults", "-M pc-q35-7.2 -nodefaults -S -incoming defer")]
    [InlineData("-M q35 -append -S", "-M pc-q35-7.2 -append -S -S -incoming defer")]
    public void The_machine_is_pinned_and_it_waits(string arguments, string twin) => Assert.Equal(twin, Twin(arguments));

    [Fact]
    public void Sockets_and_logs_get_other_paths_and_disks_other_files() => Assert.Equal(
        "-M pc-q35-7.2 -qmp unix:/run/b.qmp,server=on,wait=off -chardev socket,id=c,path=/run/b/con,server=on -serial file:/run/b.log "
            + "-drive file=/vms/new.qcow2,if=none,id=d0 -blockdev {\"driver\":\"file\",\"filename\":\"/vms/new.qcow2\"} -kernel /run/a/vmlinuz -S -incoming defer",
        Twin(
            "-M q35 -qmp unix:/run/a.qmp,server=on,wait=off -chardev socket,id=c,path=/run/a/con,server=on -serial file:/run/a.log "
                + "-drive file=/vms/old.qcow2,if=none,id=d0 -blockdev {\"driver\":\"file\",\"filename\":\"/vms/old.qcow2\"} -kernel /run/a/vmlinuz",
            new() { ["/run/a"] = "/run/b" },
            new() { ["/vms/old.qcow2"] = "/vms/new.qcow2" }));

    [Theory]
    [InlineData("-qmp unix:/run/a.qmp,server=on", true)]
    [InlineData("-serial file:/var/log/a", true)]
    [InlineData("-pidfile /run/a.pid", true)]
    [InlineData("-vnc :1", true)]
    [InlineData("-netdev user,id=n,hostfwd=tcp::2222-:22", true)]
    [InlineData("-chardev socket,id=c,host=0,port=1,server=on", true)]
    [InlineData("-object memory-backend-file,id=m,mem-path=/dev/shm/vm1,share=on,size=1G", true)]
    [InlineData("-object memory-backend-file,id=m,mem-path=/dev/hugepages,size=1G", false)]
    [InlineData("-serial null", false)]
    [InlineData("-vnc none", false)]
    [InlineData("-drive file=/vms/a.qcow2", false)]
    public void What_only_one_process_can_have_needs_another_path_on_the_same_machine(string arguments, bool refused)
    {
        var (here, there) = (new List<string>(), new List<string>());
        _ = QemuCommandLine.Twin(arguments.Split(' '), null, new Dictionary<string, string>(), new Dictionary<string, string>(), sameMachine: true, here);
        _ = QemuCommandLine.Twin(arguments.Split(' '), null, new Dictionary<string, string>(), new Dictionary<string, string>(), sameMachine: false, there);
        Assert.Equal((refused ? 1 : 0, 0), (here.Count, there.Count));
    }

    [Theory]
    [InlineData("-netdev tap,id=n,fd=7")]
    [InlineData("-netdev tap,id=n,fds=7:8")]
    [InlineData("-chardev socket,id=c,fd=3,server=on")]
    [InlineData("-drive file=/dev/fdset/1")]
    [InlineData("-snapshot")]
    public void What_it_inherited_or_has_no_name_cannot_be_had_again(string arguments)
    {
        var refused = new List<string>();
        _ = QemuCommandLine.Twin(arguments.Split(' '), null, new Dictionary<string, string>(), new Dictionary<string, string>(), sameMachine: false, refused);
        Assert.Single(refused);
    }

    [Theory]
    [InlineData("web1", "web1")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's; rm -rf $HOME `x`", "'it'\\''s; rm -rf $HOME `x`'")]
    [InlineData("", "''")]
    public void A_word_of_a_shell_is_one_word(string text, string quoted) => Assert.Equal(quoted, QemuLaunch.Quoted(text));

    private static string Twin(string arguments, Dictionary<string, string>? paths = null, Dictionary<string, string>? disks = null)
    {
        var refused = new List<string>();
        var twin = QemuCommandLine.Twin(arguments.Split(' '), "pc-q35-7.2", paths ?? [], disks ?? [], sameMachine: false, refused);
        Assert.Empty(refused);
        return string.Join(' ', twin);
    }
}
