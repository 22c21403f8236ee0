using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Hypervisors.Qemu.Comparison;
using LiveMigration.Interop.Qmp;
using Xunit.Abstractions;
using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>What the comparison says of two QEMUs, and what QEMU does: each pair is migrated with bare QMP, whatever was said.</summary>
[Trait("Category", "Lab")]
public sealed class QemuComparisonTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string[] Programs = [BareQemu.Debian, BareQemu.Backports];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-alike-");

    /// <summary>Options that both have, those of one and of the other, and what it means to go from the first to the second, and back.</summary>
    private static readonly (string Common, string One, string Other, QemuDifferenceVerdict There, QemuDifferenceVerdict Back)[] Pairs =
    [
        ("-machine pc-i440fx-7.2 -m 16", "", "", Equal, Equal),
        ("-machine pc-q35-7.2 -m 16,slots=2,maxmem=64M -smp 2,maxcpus=4 -device virtio-rng-pci -device qemu-xhci -device usb-tablet -device VGA -serial null", "", "", Equal, Equal),
        ("-m 16", "-machine pc-i440fx-7.2", "-machine pc-i440fx-7.1", Fatal, Fatal),
        ("-m 16", "-machine pc-i440fx-7.2", "-machine pc-q35-7.2", Fatal, Fatal),
        ("-machine pc-i440fx-7.2", "-m 16", "-m 32", Fatal, Fatal),
        ("-m 16 -object memory-backend-ram,size=16M,id=one -object memory-backend-ram,size=16M,id=two", "-machine pc-i440fx-7.2,memory-backend=one", "-machine pc-i440fx-7.2,memory-backend=two", Fatal, Fatal),
        ("-machine pc-q35-7.2", "-m 16,slots=2,maxmem=64M", "-m 16,slots=4,maxmem=64M", Fatal, Fatal),
        ("-machine pc-i440fx-7.2", "-m 16,slots=2,maxmem=64M", "-m 16,slots=4,maxmem=64M", Fatal, Fatal),
        ("-machine pc-q35-7.2", "-m 16,slots=2,maxmem=64M", "-m 16,slots=2,maxmem=128M", Dangerous, Dangerous),
        ("-machine pc-q35-7.2 -m 16", "-smp 1,maxcpus=2", "-smp 1,maxcpus=4", Dangerous, Dangerous),
        ("-machine pc-q35-7.2 -m 16", "-smp 2,maxcpus=2", "-smp 1,maxcpus=2", Fatal, Dangerous),
        ("-machine pc-q35-7.2 -m 16", "-cpu qemu64", "-cpu Nehalem", Dangerous, Dangerous),
        ("-machine pc-q35-7.2 -m 16", "-cpu qemu64,+sse4.2", "-cpu qemu64", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-rng-pci", "", Fatal, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-rng-pci,addr=5", "-device virtio-rng-pci,addr=6", Fatal, Fatal),
        ("-machine pc-i440fx-7.2 -m 16 -device qemu-xhci", "-device usb-tablet,port=1", "-device usb-tablet,port=2", Fatal, Fatal),
        ("-machine pc-i440fx-7.2 -m 16", "-serial null", "", Fatal, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-net-pci,addr=6", "-device e1000,addr=6", Fatal, Fatal),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-net-pci", "-device virtio-net-pci,romfile=", Fatal, Harmless),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-net-pci,vectors=4", "-device virtio-net-pci,vectors=6", Fatal, Fatal),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-rng-pci,disable-legacy=off", "-device virtio-rng-pci,disable-legacy=on", Fatal, Fatal),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-net-pci,mq=on", "-device virtio-net-pci,mq=off", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-net-pci,csum=on", "-device virtio-net-pci,csum=off", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-net-pci,rx_queue_size=256", "-device virtio-net-pci,rx_queue_size=512", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-net-pci,mac=52:54:00:00:00:01", "-device virtio-net-pci,mac=52:54:00:00:00:02", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-rng-pci,id=one", "-device virtio-rng-pci,id=two", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device VGA,vgamem_mb=16", "-device VGA,vgamem_mb=32", Fatal, Fatal),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-rng-pci,multifunction=on", "-device virtio-rng-pci,multifunction=off", Fatal, Fatal),
        ("-machine pc-q35-7.2 -m 16", "-device pcie-root-port,slot=1", "-device pcie-root-port,slot=2", Fatal, Fatal),
        ("-machine pc-q35-7.2 -m 16 -device pcie-root-port,id=port0", "-device virtio-rng-pci,bus=port0", "", Fatal, Dangerous),
        ("-m 16", "-machine pc-i440fx-7.2,hpet=on", "-machine pc-i440fx-7.2,hpet=off", Fatal, Dangerous),
        ("-m 16", "-machine pc-i440fx-7.2,mem-merge=on", "-machine pc-i440fx-7.2,mem-merge=off", Harmless, Harmless),
        ("-m 16", "-machine pc-i440fx-7.2,usb=on", "-machine pc-i440fx-7.2,usb=off", Fatal, Dangerous),
        ("-machine pc-q35-7.2 -m 16", "-uuid 6f3c1c8e-9a55-4a63-9f7c-5a0b5cf2a001", "-uuid 6f3c1c8e-9a55-4a63-9f7c-5a0b5cf2a002", Dangerous, Dangerous),
        ("-machine pc-q35-7.2 -m 16 -device virtio-serial,id=vs -chardev null,id=c", "-device virtserialport,chardev=c,name=a", "", Fatal, Fatal),
        ("-machine pc-q35-7.2 -m 16", "-device virtio-serial,max_ports=8", "-device virtio-serial,max_ports=16", Dangerous, Dangerous),
        ("-machine pc-q35-7.2 -m 16", "-chardev null,id=c -device isa-debugcon,chardev=c", "", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16 -blockdev null-co,node-name=d,size=1048576", "-device virtio-blk-pci,drive=d,serial=a,queue-size=128", "-device virtio-blk-pci,drive=d,serial=b,queue-size=128", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16", "-device virtio-balloon-pci,free-page-reporting=on", "-device virtio-balloon-pci", Dangerous, Dangerous),
        ("-machine pc-i440fx-7.2 -m 16 -device virtio-scsi-pci -blockdev null-co,node-name=d,size=1048576", "-device scsi-hd,drive=d,lun=1", "-device scsi-hd,drive=d,lun=2", Fatal, Fatal),
    ];

    public static TheoryData<int, string, bool> Rows
    {
        get
        {
            var rows = new TheoryData<int, string, bool>();
            foreach (var usr in Programs)
            {
                for (var pair = 0; pair < Pairs.Length; pair++)
                {
                    rows.Add(pair, usr, false);
                    rows.Add(pair, usr, true);
                }
            }

            return rows;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [LabTheory]
    [MemberData(nameof(Rows))]
    public async Task What_is_fatal_is_what_QEMU_refuses(int pair, string usr, bool back)
    {
        if (!File.Exists($"{usr}/bin/qemu-system-x86_64"))
            return;
        var (common, one, other, there, opposite) = Pairs[pair];
        await using var a = await StartAsync("a", usr, $"{common} {(back ? other : one)}");
        await using var b = await StartAsync("b", usr, $"{common} {(back ? one : other)} -incoming defer");
        var clock = Stopwatch.StartNew();
        var compared = await a.Qemu.CompareAsync(b.Qemu);
        var took = clock.Elapsed;
        var worst = compared.Max(difference => difference.Verdict);
        var refused = await RefusedAsync(a, b);
        output.WriteLine($"{common}: {(back ? $"{other} → {one}" : $"{one} → {other}")} ({took.TotalMilliseconds:0} ms)");
        foreach (var difference in compared.Where(difference => difference.Verdict is not Equal))
            output.WriteLine($"  {difference}");
        output.WriteLine($"  QEMU: {refused ?? "accepted"}");
        Assert.Equal(worst is Fatal, refused is not null);
        Assert.Equal(back ? opposite : there, worst);
    }

    [LabTheory]
    [InlineData("pc-q35-7.2", BareQemu.Debian, BareQemu.Backports, Harmless)]
    [InlineData("pc-q35-7.2", BareQemu.Backports, BareQemu.Debian, Dangerous)]
    [InlineData("pc-i440fx-7.2", BareQemu.Debian, BareQemu.Backports, Harmless)]
    [InlineData("pc-i440fx-7.2", BareQemu.Backports, BareQemu.Debian, Dangerous)]
    public async Task Two_versions_of_QEMU_differ_in_that_alone(string machine, string from, string to, QemuDifferenceVerdict verdict)
    {
        if (!File.Exists($"{BareQemu.Backports}/bin/qemu-system-x86_64"))
            return;
        var options = $"-machine {machine} -m 32,slots=2,maxmem=64M -smp 2,maxcpus=4 -serial null -device virtio-rng-pci -device virtio-net-pci -device virtio-scsi-pci -device virtio-balloon-pci -device VGA -device qemu-xhci -device usb-tablet";
        await using var a = await StartAsync("a", from, options);
        await using var b = await StartAsync("b", to, $"{options} -incoming defer");
        var found = (await a.Qemu.CompareAsync(b.Qemu)).Where(difference => difference.Verdict is not Equal).ToArray();
        Assert.True(found is [{ What: "QEMU" } only] && only.Verdict == verdict, string.Join('\n', found.Select(difference => $"{difference}")));
        Assert.Null(await RefusedAsync(a, b));
    }

    [LabTheory]
    [InlineData(BareQemu.Debian)]
    [InlineData(BareQemu.Backports)]
    public async Task A_guest_that_runs_and_a_QEMU_that_was_started_alike_do_not_differ(string usr)
    {
        if (!File.Exists($"{usr}/bin/qemu-system-x86_64"))
            return;
        string[] more = ["-device", "virtio-net-pci", "-device", "virtio-rng-pci,id=rng0", "-device", "qemu-xhci", "-device", "usb-tablet", "-device", "VGA", "-smp", "1,maxcpus=2"];
        await using var a = await BareQemu.StartAsync(_folder, "a", more, usr: usr);
        await using var b = await BareQemu.StartAsync(_folder, "b", more, incoming: true, usr: usr);
        await a.TickAsync(3);
        var compared = await a.Qemu.CompareAsync(b.Qemu);
        var sections = await a.Qemu.CompareSectionsAsync(b.Qemu);
        Assert.Equal([], compared.Concat(sections).Where(difference => difference.Verdict is not (Equal or Unknown)).Select(difference => $"{difference}"));
        Assert.Equal([], compared.Where(difference => difference.Verdict is Unknown && !difference.What.StartsWith("-append", StringComparison.Ordinal)).Select(difference => $"{difference}"));
        Assert.True(sections.Count > 20, $"{sections.Count} sections");
        await a.TickAsync(3);
        await b.Qemu.RefreshAsync();
        Assert.Equal("inmigrate", b.Qemu.State);
        output.WriteLine(string.Join('\n', sections));
        Assert.Null(await RefusedAsync(a, b));
    }

    [LabFact]
    public async Task Sections_tell_what_nobody_has_a_rule_for()
    {
        await using var a = await StartAsync("a", BareQemu.Debian, "-machine pc-q35-7.2 -m 16 -device pvpanic-pci -device virtio-rng-pci");
        await using var b = await StartAsync("b", BareQemu.Debian, "-machine pc-q35-7.2 -m 16 -device virtio-rng-pci,disable-legacy=on -incoming defer");
        var sections = await a.Qemu.CompareSectionsAsync(b.Qemu);
        foreach (var difference in sections.Where(difference => difference.Verdict is not Equal))
            output.WriteLine($"{difference}");
        Assert.Contains(sections, difference => difference.Verdict is Fatal && difference.What.Contains("virtio-rng", StringComparison.Ordinal));
        Assert.NotNull(await RefusedAsync(a, b));
    }

    /// <returns>Why it was refused; null where it was taken.</returns>
    private async Task<string?> RefusedAsync(BareQemu a, BareQemu b)
    {
        var (source, destination) = (await a.Qemu.MonitorAsync(), await b.Qemu.MonitorAsync());
        var uri = $"unix:{_folder.FullName}/stream";
        await destination.MigrateIncomingAsync(uri, null);
        // With a way back the source hears whether the destination has loaded all.
        foreach (var monitor in new[] { source, destination })
            await monitor.SetMigrationCapabilitiesAsync(new Dictionary<string, bool> { ["return-path"] = true });
        await source.MigrateAsync(uri);
        var limit = Stopwatch.StartNew();
        while (limit.Elapsed < Patience)
        {
            if (b.HasExited)
                return b.Said.ReplaceLineEndings(" ");
            var status = await source.QueryMigrationStatusAsync();
            if (status is "failed")
            {
                await Task.WhenAny(b.ExitAsync(), Task.Delay(500));
                return $"failed. {b.Said.ReplaceLineEndings(" ")}";
            }

            if (status is "completed")
            {
                await b.Qemu.RefreshAsync();
                return b.Qemu.State is "inmigrate" ? "not loaded" : null;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"{a.Name} → {b.Name}: {a.Qemu.Migration}");
    }

    private Task<BareQemu> StartAsync(string name, string usr, string options) =>
        BareQemu.StartPlainAsync(_folder, name, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-S"], usr);
}
