using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.State;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>A QEMU without libvirt that runs the lab's guest, which checks its own memory and disk and counts while it runs.</summary>
internal sealed partial class BareQemu : IAsyncDisposable
{
    internal const string Debian = "/usr";

    /// <summary>Where the lab keeps the programs of bookworm-backports.</summary>
    internal const string Backports = "/srv/livemigration/cache/backports/usr";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Lazy<Task<XElement>> Template = new(async () =>
    {
        await LabHosts.RunAsync("prepare");
        return XElement.Parse(await LabHosts.RunAsync("guest-xml", "bare"));
    });

    private readonly Process _process;
    private readonly List<string> _said = [];

    private BareQemu(string name, DirectoryInfo folder, Process process)
    {
        (Name, Folder, _process) = (name, folder, process);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_said)
                _said.Add(line.Data ?? "");
        };
        process.BeginErrorReadLine();
    }

    /// <summary>What its files are called.</summary>
    internal string Name { get; }

    internal DirectoryInfo Folder { get; }

    internal QemuProcess Qemu { get; private set; } = null!;

    /// <summary>What is written down of the migrations of a folder.</summary>
    internal StateStore State => new(Path.Combine(Folder.FullName, "state"));

    internal bool HasExited => _process.HasExited;

    internal string Monitor => Path.Combine(Folder.FullName, $"{Name}.qmp");

    internal string TickFile => Path.Combine(Folder.FullName, $"{Name}.ticks");

    /// <summary>What QEMU said last on its standard error.</summary>
    internal string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    /// <summary>Starts one and connects to it.</summary>
    /// <param name="folder">Where its files are; a source's and its destination's are in one.</param>
    /// <param name="name">What its files are called.</param>
    /// <param name="options">More of QEMU's options; <c>-incoming defer</c> is not among them.</param>
    /// <param name="incoming">Whether it waits for a guest.</param>
    /// <param name="usr">Where its programs are.</param>
    /// <param name="memory">Of the guest, in KiB.</param>
    /// <param name="rate">MiB per second that the guest writes to its memory.</param>
    /// <param name="diskRate">MiB per second that the guest writes to its first disk.</param>
    /// <param name="monitor">The monitor's address, for QEMU; null is a socket in the folder.</param>
    internal static async Task<BareQemu> StartAsync(
        DirectoryInfo folder, string name, string[]? options = null, bool incoming = false, string usr = Debian, int memory = 131080, int rate = 8, string? monitor = null, int diskRate = 0)
    {
        var os = (await Template.Value).Element("os")!;
        var line = Regex.Replace((string)os.Element("cmdline")!, "pulse.rate=[0-9]+", $"pulse.rate={rate}").Replace("pulse.tick=10", "pulse.tick=50", StringComparison.Ordinal)
            .Replace("pulse.diskrate=0", $"pulse.diskrate={diskRate}", StringComparison.Ordinal);
        var where = monitor ?? $"unix:{Path.Combine(folder.FullName, name)}.qmp";
        string[] arguments =
        [
            "-name", "web1", "-uuid", "6f3c1c8e-9a55-4a63-9f7c-5a0b5cf2a001", "-machine", "pc-i440fx-7.2,memory-backend=lab.ram",
            "-object", $"memory-backend-ram,id=lab.ram,size={memory}k", "-m", $"{memory}k", "-accel", "tcg", "-nodefaults", "-display", "none",
            "-kernel", (string)os.Element("kernel")!, "-initrd", (string)os.Element("initrd")!, "-append", line,
            "-serial", $"file:{folder.FullName}/{name}.boot", "-device", "virtio-serial",
            "-chardev", $"file,id=ticks,path={folder.FullName}/{name}.ticks", "-device", "virtserialport,chardev=ticks,name=lab.ticks",
            "-qmp", $"{where},server=on,wait=off", .. options ?? [], .. incoming ? ["-S", "-incoming", "defer"] : Array.Empty<string>(),
        ];
        return await StartAsync(folder, name, where, usr, arguments);
    }

    /// <summary>The options for a first disk.</summary>
    internal static string[] Drive(string file) =>
        ["-blockdev", $"driver=raw,node-name=disk0,file.driver=file,file.filename={file}", "-device", "virtio-blk-pci,drive=disk0,id=disk0,addr=8"];

    /// <summary>Makes an empty image of 64 MiB; its path.</summary>
    internal static async Task<string> MakeDiskAsync(DirectoryInfo folder, string name)
    {
        var file = Path.Combine(folder.FullName, $"{name}.raw");
        await using var stream = File.Create(file);
        stream.SetLength(64 << 20);
        return file;
    }

    /// <summary>Starts one without the lab's guest: a machine with these options, and nothing else.</summary>
    internal static Task<BareQemu> StartPlainAsync(DirectoryInfo folder, string name, string[] options, string usr = Debian)
    {
        var where = $"unix:{Path.Combine(folder.FullName, name)}.qmp";
        return StartAsync(folder, name, where, usr, ["-accel", "tcg", "-nodefaults", "-display", "none", "-qmp", $"{where},server=on,wait=off", .. options]);
    }

    private static async Task<BareQemu> StartAsync(DirectoryInfo folder, string name, string where, string usr, string[] options)
    {
        string[] arguments = [.. options, .. usr == Debian ? [] : new[] { "-L", $"{usr}/share/qemu", "-L", $"{usr}/share/seabios", "-L", "/usr/share/seabios" }];
        var start = new ProcessStartInfo($"{usr}/bin/qemu-system-x86_64", arguments) { RedirectStandardError = true, WorkingDirectory = folder.FullName };
        if (usr != Debian)
            start.Environment["LD_LIBRARY_PATH"] = $"{usr}/lib/x86_64-linux-gnu";
        var qemu = new BareQemu(name, folder, Process.Start(start)!);
        qemu.Qemu = await qemu.ConnectAsync(QemuAddress.Parse(where));
        return qemu;
    }

    /// <summary>Waits until the guest counts beyond what it has counted so far, here.</summary>
    internal async Task TickAsync(int more = 1)
    {
        var (before, limit) = (Last(), Stopwatch.StartNew());
        while (Last() is var last && last < before + more)
        {
            Assert.True(limit.Elapsed < Patience && !HasExited, $"{Name} does not tick; the last was {last}. {Said}");
            await Task.Delay(20);
        }
    }

    private int Last() => Ticks() is [.., var last] ? last.Number : 0;

    /// <summary>What the guest has counted here.</summary>
    internal IReadOnlyList<Tick> Ticks() =>
        File.Exists(TickFile) ? [.. ReadShared().Split('\n')[..^1].Select(line => Line().Match(line)).Where(match => match.Success).Select(match => new Tick(int.Parse(match.Groups[1].Value, null), match.Value))] : [];

    /// <summary>kill -9.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Leaves the monitor to another client.</summary>
    internal Task LetGoAsync() => Qemu.DisposeAsync().AsTask();

    /// <summary>Takes the monitor again.</summary>
    internal async Task<QmpClient> MonitorAsync()
    {
        await Qemu.DisposeAsync();
        Qemu = await ConnectAsync(Qemu.Address);
        return await Qemu.MonitorAsync();
    }

    /// <summary>SIGSTOP and SIGCONT: it is silent, and not dead.</summary>
    internal async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    internal Task ExitAsync() => _process.WaitForExitAsync().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await Qemu.DisposeAsync();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    /// <summary>The whole life of a guest, wherever it ran: each number once, memory and disk as they were written.</summary>
    internal static void IsWhole(params BareQemu[] hosts)
    {
        var all = hosts.SelectMany(host => host.Ticks()).ToList();
        var numbers = all.Select(tick => tick.Number).Order().ToList();
        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(numbers[0], numbers[^1] - numbers[0] + 1), numbers);
        Assert.All(all, tick => Assert.Matches(" mc=0 .* dc=0 de=0$", tick.Text));
    }

    private async Task<QemuProcess> ConnectAsync(QemuAddress address)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await QemuProcess.ConnectAsync(address, state: State);
            }
            catch (LiveMigrationException error) when (error.Fault == Faults.MonitorUnreachable && !HasExited && limit.Elapsed < Patience)
            {
                await Task.Delay(20);
            }
            catch (LiveMigrationException error)
            {
                throw new InvalidOperationException($"{Name}: {error.Message} {Said}", error);
            }
        }
    }

    private string ReadShared()
    {
        using var reader = new StreamReader(new FileStream(TickFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^T ([0-9]+) b=.* de=[0-9]+$")]
    private static partial Regex Line();

    /// <summary>One count of the guest, and what it says of itself.</summary>
    internal sealed record Tick(int Number, string Text);
}
