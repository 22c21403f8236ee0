using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Hypervisors.Qemu.Comparison;
using LiveMigration.Interop.Qmp;
using LiveMigration.Streams;
using LiveMigration.Tests.Interop.Qmp;
using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Tests.Hypervisors.Qemu;

/// <summary>Two configurations → differences. That QEMU does what is said here is tried in the lab.</summary>
public sealed class QemuDifferenceTests
{
    private static readonly string[] OnRoot = ["parent_bus=/machine/q35/pcie.0"];

    private static readonly QemuConfiguration Plain = new()
    {
        Facts = new QemuFacts
        {
            Machine = "pc-q35-7.2", Cpus = 2, MaxCpus = 4, Topology = "sockets=1,dies=1,cores=4,threads=1", Memory = 64 << 20, MaxMemory = 128 << 20, MemorySlots = 2, Uuid = new Guid(1, 2, 3, new byte[8]), Version = new Version(7, 2, 22),
            Disks = [new QemuDisk("disk0", "d0", "/a.img", "raw", 1 << 20, false)],
        },
        Machine = Map("hpet=on", "usb=off", "mem-merge=on", "kernel=", "vmport=auto", "boot="),
        CpuType = "qemu64",
        Cpu = Map("avx=off", "sse4.2=on", "sse4_2=on", "apic-id=0", "family=15", "realized=on"),
        RamBlocks = [new("pc.ram", 64 << 20, 64 << 20), new("0000:00:02.0/virtio-net-pci.rom", 262144, 262144), new("/rom@etc/acpi/tables", 0x20000, 0x200000), new("0000:00:05.0/vga.vram", 16 << 20, 16 << 20)],
        Devices = QemuDevice.Placed([Device("rng0", "virtio-rng-pci", "addr=8", "vectors=2", "max-bytes=1", "x-new=1"), Device("nic0", "virtio-net-pci", "addr=16", "mac=52:54:00:12:34:56", "csum=on", "romfile=efi.rom"), Device("vga", "VGA", "addr=40", "vgamem_mb=16")]),
        Pci = [new("00.0", "8086:29c0 Host bridge", ""), new("01.0", "1af4:1005 class 00ff", "0: 32"), new("1f.2", "8086:2922 SATA controller", "4: 32")],
        Board = new Dictionary<string, int> { ["isa-serial"] = 1, ["hpet"] = 1 },
    };

    /// <summary>What is changed at the destination, in which words it is told, and what it means: there, and on the way back.</summary>
    private static readonly (Func<QemuConfiguration, QemuConfiguration> Change, string What, QemuDifferenceVerdict There, QemuDifferenceVerdict Back)[] Rows =
    [
        (Facts(facts => facts with { Machine = "pc-q35-7.1" }), "-machine", Fatal, Fatal),
        (Facts(facts => facts with { Memory = 32 << 20 }), "-m", Fatal, Fatal),
        (Facts(facts => facts with { Memory = (64 << 20) + 1024 }), "-m", Fatal, Fatal),
        (Facts(facts => facts with { MemorySlots = 4 }), "-m slots=", Fatal, Fatal),
        (Facts(facts => facts with { MaxMemory = 256 << 20 }), "-m maxmem=", Dangerous, Dangerous),
        (Facts(facts => facts with { MaxCpus = 8 }), "-smp maxcpus=", Dangerous, Dangerous),
        (Facts(facts => facts with { Cpus = 1 }), "-smp", Fatal, Dangerous),
        (Facts(facts => facts with { Topology = "sockets=4,dies=1,cores=1,threads=1" }), "-smp sockets=,cores=,threads=", Dangerous, Dangerous),
        (Facts(facts => facts with { IsKvm = true }), "-accel", Dangerous, Fatal),
        (Facts(facts => facts with { Uuid = Guid.Empty }), "-uuid", Dangerous, Dangerous),
        (Facts(facts => facts with { Version = new Version(10, 0, 2) }), "QEMU", Harmless, Dangerous),
        (Facts(facts => facts with { MaxCpus = null }), "-smp maxcpus=", Unknown, Unknown),
        (Facts(facts => facts with { Disks = [] }), "-blockdev of disk0", Dangerous, Dangerous),
        (Facts(facts => facts with { Disks = [facts.Disks[0] with { Size = 2 << 20 }] }), "size of disk0", Dangerous, Dangerous),
        (Facts(facts => facts with { Disks = [facts.Disks[0] with { ReadOnly = true }] }), "read-only= of disk0", Dangerous, Dangerous),
        (one => one with { Machine = Map("hpet=off", "usb=off", "mem-merge=on", "kernel=", "vmport=auto"), Board = new Dictionary<string, int> { ["isa-serial"] = 1 } }, "-machine hpet=", Fatal, Dangerous),
        (one => one with { Machine = Map("hpet=on", "usb=off", "mem-merge=off", "kernel=", "vmport=auto") }, "-machine mem-merge=", Harmless, Harmless),
        (one => one with { Machine = Map("hpet=on", "usb=off", "mem-merge=on", "kernel=/vmlinuz", "vmport=auto") }, "-kernel", Dangerous, Dangerous),
        (one => one with { Machine = Map("hpet=on", "usb=off", "mem-merge=on", "kernel=", "vmport=off") }, "-machine vmport=", Unknown, Unknown),
        (one => one with { Machine = null }, "-machine flags", Unknown, Unknown),
        (one => one with { CpuType = "Nehalem" }, "-cpu", Dangerous, Dangerous),
        (one => one with { Cpu = Map("avx=off", "sse4.2=off", "sse4_2=off", "family=15") }, "-cpu features", Dangerous, Equal),
        (one => one with { Cpu = Map("avx=off", "sse4.2=on", "family=6") }, "-cpu family=", Dangerous, Dangerous),
        (one => one with { Cpu = null }, "-cpu features", Unknown, Unknown),
        (one => one with { RamBlocks = null }, "blocks of memory", Unknown, Unknown),
        (one => one with { RamBlocks = [one.RamBlocks![0] with { Name = "mem0" }, .. one.RamBlocks.Skip(1)] }, "-machine memory-backend=", Fatal, Fatal),
        (one => one with { RamBlocks = [.. one.RamBlocks!.Where(block => !block.Name.EndsWith(".rom", StringComparison.Ordinal))] }, "memory 0000:00:02.0/virtio-net-pci.rom", Fatal, Harmless),
        (one => one with { RamBlocks = [.. one.RamBlocks!.Select(block => block.Name.Contains("acpi", StringComparison.Ordinal) ? block with { Used = 0x40000 } : block)] }, "memory /rom@etc/acpi/tables", Harmless, Harmless),
        (one => one with { RamBlocks = [.. one.RamBlocks!.Select(block => block.Name.Contains("vram", StringComparison.Ordinal) ? block with { Used = 32 << 20 } : block)] }, "vgamem_mb= (0000:00:05.0/vga.vram)", Fatal, Fatal),
        (one => one with { Devices = null }, "-device", Unknown, Unknown),
        (one => Without(one, "rng0"), "-device virtio-rng-pci,id=rng0,addr=01.0", Fatal, Dangerous),
        (one => With(one, "rng0", Device("rng0", "virtio-rng-pci", "addr=24", "vectors=2")), "place of -device virtio-rng-pci,id=rng0,addr=01.0", Fatal, Fatal),
        (one => With(one, "rng0", Device("rng0", "e1000", "addr=8")), "-device at 01.0", Fatal, Fatal),
        (one => With(one, "rng0", Device("rng1", "virtio-rng-pci", "addr=8", "vectors=2", "max-bytes=1", "x-new=1")), "id= of -device virtio-rng-pci,id=rng0,addr=01.0", Dangerous, Dangerous),
        (one => With(one, "rng0", Device("rng0", "virtio-rng-pci", "addr=8", "vectors=4")), "-device virtio-rng-pci,id=rng0,addr=01.0,vectors=", Fatal, Fatal),
        (one => With(one, "rng0", Device("rng0", "virtio-rng-pci", "addr=8", "max-bytes=2")), "-device virtio-rng-pci,id=rng0,addr=01.0,max-bytes=", Harmless, Harmless),
        (one => With(one, "rng0", Device("rng0", "virtio-rng-pci", "addr=8", "x-new=2")), "-device virtio-rng-pci,id=rng0,addr=01.0,x-new=", Unknown, Unknown),
        (one => With(one, "nic0", Device("nic0", "virtio-net-pci", "addr=16", "mac=52:54:00:12:34:57")), "-device virtio-net-pci,id=nic0,addr=02.0,mac=", Dangerous, Dangerous),
        (one => With(one, "nic0", Device("nic0", "virtio-net-pci", "addr=16", "csum=off")), "-device virtio-net-pci,id=nic0,addr=02.0,csum=", Dangerous, Dangerous),
        (one => one with { Pci = [.. one.Pci!.Where(function => function.Place != "1f.2")] }, "PCI 1f.2", Fatal, Dangerous),
        (one => one with { Pci = [.. one.Pci!.Select(function => function.Place == "1f.2" ? function with { What = "8086:1234" } : function)] }, "PCI 1f.2", Fatal, Fatal),
        (one => one with { Pci = [.. one.Pci!.Select(function => function.Place == "1f.2" ? function with { Regions = "4: 64" } : function)] }, "PCI regions of 1f.2", Dangerous, Dangerous),
        (one => one with { Board = new Dictionary<string, int> { ["hpet"] = 1 } }, "-serial (isa-serial)", Fatal, Dangerous),
        (one => one with { Board = null }, "parts of the machine", Unknown, Unknown),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Rows.Length)];

    [Fact]
    public void What_is_started_alike_does_not_differ() =>
        Assert.All(QemuComparison.Compare(Plain, Plain), difference => Assert.Equal((Equal, difference.Source), (difference.Verdict, difference.Destination)));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_difference_is_told_once_in_the_words_of_the_command_line(int number)
    {
        var (change, what, there, back) = Rows[number];
        var other = change(Plain);
        Assert.Equal(there, Only(Plain, other, what).Verdict);
        if (back is not Equal && !what.StartsWith("place", StringComparison.Ordinal) && !what.StartsWith("id=", StringComparison.Ordinal))
            Assert.Equal(back, Only(other, Plain, what).Verdict);
        else
            Assert.Contains(QemuComparison.Compare(other, Plain), difference => difference.Verdict is not Equal);
    }

    [Fact]
    public void Another_version_has_its_parts_elsewhere_and_what_an_option_makes_in_the_same_place()
    {
        var newer = Plain with { Facts = Plain.Facts with { Version = new Version(10, 0, 2) }, Board = new Dictionary<string, int> { ["isa-serial"] = 1 } };
        Assert.Equal(Harmless, QemuComparison.Compare(Plain, newer).Max(difference => difference.Verdict));
        Assert.Equal(Fatal, QemuComparison.Compare(Plain, newer with { Board = new Dictionary<string, int>() }).Max(difference => difference.Verdict));
    }

    [Fact]
    public void Buses_that_the_guest_has_numbered_are_found_by_their_bridges()
    {
        var port = Device("port0", "pcie-root-port", "addr=24");
        var behind = Device("rng1", "virtio-rng-pci", "addr=0", "parent_bus=/machine/peripheral/port0/port0");
        var usb = Device("x", "qemu-xhci", "addr=32");
        var tablet = new QemuDevice("/machine/peripheral-anon/device[0]", "usb-tablet", Map("port=", "parent_bus=/machine/peripheral/x/x.0"));
        var placed = QemuDevice.Placed([behind, port, usb, tablet, tablet with { Path = "/machine/peripheral-anon/device[1]" }]);
        Assert.Equal(["03.0/00.0", "03.0", "04.0", "04.0 .0 usb-tablet#0", "04.0 .0 usb-tablet#1"], placed.Select(device => device.Place));
    }

    [Fact]
    public void A_place_that_QEMU_chose_is_not_known_beside_one_that_was_given()
    {
        var tablet = new QemuDevice("/machine/peripheral-anon/device[0]", "usb-tablet", Map("port=", "parent_bus=/machine/peripheral/x/x.0"));
        var given = tablet with { Properties = Map("port=2", "parent_bus=/machine/peripheral/x/x.0") };
        var usb = Device("x", "qemu-xhci", "addr=32");
        var found = DeviceRules.Compare(Plain with { Devices = QemuDevice.Placed([usb, tablet]) }, Plain with { Devices = QemuDevice.Placed([usb, given]) }).Found;
        Assert.Equal(Unknown, found.Max(difference => difference.Verdict));
    }

    [Fact]
    public void Sections_that_one_side_lacks_are_fatal_or_dangerous_and_other_lengths_unknown()
    {
        StreamSection[] source = [new("cpu", 0, 12, 1) { Length = 100 }, new("hpet", 0, 2, 2) { Length = 10 }, new("timer", 0, 3, 3) { Length = 5 }];
        StreamSection[] destination = [new("cpu", 0, 12, 1) { Length = 120 }, new("timer", 0, 2, 2) { Length = 5 }, new("cpu", 1, 12, 3) { Length = 100 }];
        Assert.Equal(
            [("section cpu", Unknown), ("section hpet", Fatal), ("section timer", Fatal), ("section cpu[1]", Dangerous)],
            QemuSectionComparison.Compare(source, destination).Select(difference => (difference.What, difference.Verdict)));
    }

    [Theory]
    [InlineData("avx=on", "", Dangerous, Equal)] // An older version does not have the flag.
    [InlineData("", "avx=on", Equal, Dangerous)]
    [InlineData("avx=off", "", Equal, Equal)]
    [InlineData("sse3=on ffxsr=on", "pni=on fxsr_opt=on", Equal, Equal)]
    [InlineData("sse4_1=on sse4.1=on", "sse4-1=on", Equal, Equal)]
    [InlineData("legacy-multi-node=on", "", Equal, Equal)]
    public void A_flag_that_a_version_does_not_have_is_lacking(string source, string destination, QemuDifferenceVerdict lacking, QemuDifferenceVerdict more)
    {
        var found = CpuRules.Compare(Plain with { Cpu = Words(source) }, Plain with { Cpu = Words(destination) }).ToArray();
        Assert.Equal((lacking, more), (found.Single(difference => difference.What == "-cpu features").Verdict, found.Single(difference => difference.What == "-cpu more features").Verdict));
        Assert.DoesNotContain(found, difference => difference.Verdict is Unknown);
    }

    [Theory]
    [InlineData("avx=?", "avx=on", "-cpu avx")]
    [InlineData("avx=on", "avx=?", "-cpu avx")]
    [InlineData("avx=?", "avx=?", "-cpu avx")]
    [InlineData("avx=?", "", "-cpu avx")]
    [InlineData("family=6", "", "-cpu family=")]
    [InlineData("", "model-id=x", "-cpu model-id=")]
    public void What_of_a_CPU_was_not_told_is_not_equal(string source, string destination, string what)
    {
        var found = CpuRules.Compare(Plain with { Cpu = Words(source) }, Plain with { Cpu = Words(destination) }).ToArray();
        Assert.Equal(Unknown, found.Single(difference => difference.What == what).Verdict);
        Assert.True(found.All(difference => difference.What != "-cpu features") || what.EndsWith('='));
    }

    [Theory]
    [InlineData("csum=on", "", Dangerous)]
    [InlineData("", "csum=on", Dangerous)]
    [InlineData("csum=off", "", Equal)]
    [InlineData("vectors=3", "", Unknown)]
    [InlineData("mac=?", "mac=?", Unknown)]
    [InlineData("mac=?", "mac=52:54:00:00:00:01", Unknown)]
    [InlineData("ioeventfd=on", "", Equal)]
    [InlineData("x-max-bounce-buffer-size=4096", "", Equal)]
    [InlineData("x-max-bounce-buffer-size=8192", "", Unknown)]
    [InlineData("legacy-rng=?", "legacy-rng=?", Equal)]
    public void A_property_that_one_of_them_does_not_have_or_tell_is_not_equal(string source, string destination, QemuDifferenceVerdict verdict)
    {
        var found = DeviceRules.Compare(OfOne(Words($"addr=8 rombar=1 {source}")), OfOne(Words($"addr=8 rombar=1 {destination}"))).Found;
        Assert.Equal(verdict, Assert.Single(found).Verdict);
    }

    [Fact]
    public void A_device_whose_properties_are_not_told_is_neither_equal_nor_elsewhere()
    {
        var (told, untold) = (OfOne(Words("addr=8 rombar=1")), OfOne(null));
        foreach (var (source, destination) in new[] { (untold, untold), (told, untold), (untold, told) })
            Assert.Equal(Unknown, Assert.Single(DeviceRules.Compare(source, destination).Found).Verdict);
    }

    [Theory]
    [InlineData("hpet=on", "", "-machine hpet=", Unknown)]
    [InlineData("x=?", "x=?", "-machine x=", Unknown)]
    [InlineData("fd-bootchk=on", "", "-machine fd-bootchk=", null)]
    [InlineData("aux-ram-share=off", "", "-machine aux-ram-share=", null)]
    public void A_flag_of_the_machine_that_one_of_them_does_not_have_or_tell_is_not_equal(string source, string destination, string what, QemuDifferenceVerdict? verdict)
    {
        var found = MachineFlagRules.Compare(Plain with { Machine = Words(source) }, Plain with { Machine = Words(destination) });
        Assert.Equal(verdict, found.SingleOrDefault(difference => difference.What == what)?.Verdict);
    }

    [Fact]
    public void What_one_of_them_alone_says_of_memory_CPUs_and_machine_is_refused()
    {
        var silent = Plain.Facts with { Machine = null, Memory = null, MemorySlots = null, Cpus = null, MaxCpus = null };
        string[] all = ["-machine", "-m", "-m slots=", "-smp", "-smp maxcpus="];
        Assert.Equal(all, Refused(Plain.Facts, silent));
        Assert.Equal(all, Refused(silent, Plain.Facts));
        Assert.Empty(Refused(silent, silent));

        static IEnumerable<string> Refused(QemuFacts source, QemuFacts destination) => MachineRules.Compare(source, destination).Where(MachineRules.IsRefused).Select(difference => difference.What);
    }

    [Fact]
    public async Task What_was_not_answered_in_time_is_not_known()
    {
        var qemu = new ScriptedTransport();
        await using var monitor = await QmpClient.StartAsync(qemu, QmpOptions.Default, default);
        var late = await QemuConfiguration.AskAsync(monitor, Plain.Facts, new CancellationToken(true), CancellationToken.None);
        Assert.Equal(new QemuConfiguration { Facts = Plain.Facts }, late);
        Assert.True(monitor.IsConnected);
        Assert.True(QemuComparison.Compare(Plain, late).Count(difference => difference.Verdict is Unknown) > 5);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => QemuConfiguration.AskAsync(monitor, Plain.Facts, CancellationToken.None, new CancellationToken(true)));
    }

    private static QemuConfiguration OfOne(Dictionary<string, string?>? properties) => Plain with { Devices = QemuDevice.Placed([new QemuDevice("/machine/peripheral/nic0", "virtio-net-pci", properties)]) };

    /// <summary>Properties; a question mark is one that cannot be read.</summary>
    private static Dictionary<string, string?> Words(string properties) =>
        properties.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(property => property.Split('=')[0], property => property.Split('=', 2)[1] is "?" ? null : property.Split('=', 2)[1]);

    private static QemuDifference Only(QemuConfiguration source, QemuConfiguration destination, string what)
    {
        var found = QemuComparison.Compare(source, destination).Where(difference => difference.Verdict is not Equal).ToArray();
        var told = Assert.Single(found, difference => difference.What == what);
        Assert.NotEmpty(told.Why);
        return told;
    }

    private static Func<QemuConfiguration, QemuConfiguration> Facts(Func<QemuFacts, QemuFacts> change) => one => one with { Facts = change(one.Facts) };

    private static QemuConfiguration Without(QemuConfiguration one, string id) => one with { Devices = [.. one.Devices!.Where(device => device.Id != id)], Pci = [.. one.Pci!.Where(function => function.Place != "01.0")] };

    private static QemuConfiguration With(QemuConfiguration one, string id, QemuDevice device) => one with { Devices = QemuDevice.Placed([.. one.Devices!.Select(other => other.Id == id ? device : other)]) };

    private static QemuDevice Device(string id, string type, params string[] properties) =>
        new($"/machine/peripheral/{id}", type, Map([.. properties.Any(property => property.StartsWith("parent_bus", StringComparison.Ordinal)) ? [] : OnRoot, "rombar=1", .. properties]));

    private static Dictionary<string, string?> Map(params string[] properties) => properties.ToDictionary(property => property.Split('=')[0], property => (string?)property.Split('=', 2)[1]);
}
