using System.Diagnostics;
using System.Net.Sockets;
using System.Xml.Linq;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Benchmarks.Alone;

/// <summary>A QEMU without libvirt that runs the lab's guest or waits for it, with one monitor for who migrates it and one for who watches.</summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly Process _process;

    private Machine(Process process, string monitor) => (_process, Monitor) = (process, monitor);

    /// <summary>The socket of who migrates it.</summary>
    internal string Monitor { get; }

    /// <summary>Who only listens to its events.</summary>
    private QmpClient? Watcher { get; set; }

    private QmpEvents Events { get; set; } = null!;

    /// <param name="folder">Where its sockets are.</param>
    /// <param name="name">What they are called.</param>
    /// <param name="usr">Where QEMU is.</param>
    /// <param name="guest">The lab's definition of the guest.</param>
    /// <param name="waits">Whether it waits for a guest.</param>
    internal static async Task<Machine> StartAsync(DirectoryInfo folder, string name, string usr, XElement guest, bool waits)
    {
        var (os, monitor, watched) = (guest.Element("os")!, Path.Combine(folder.FullName, $"{name}.qmp"), Path.Combine(folder.FullName, $"{name}.watch"));
        string[] arguments =
        [
            "-name", "bench", "-machine", "pc-i440fx-7.2", "-m", $"{guest.Element("memory")!.Value}M", "-accel", "tcg", "-nodefaults", "-display", "none",
            "-kernel", (string)os.Element("kernel")!, "-initrd", (string)os.Element("initrd")!, "-append", (string)os.Element("cmdline")!,
            "-serial", "null", "-device", "virtio-serial", "-chardev", $"file,id=ticks,path={folder.FullName}/{name}.ticks", "-device", "virtserialport,chardev=ticks,name=lab.ticks",
            "-qmp", $"unix:{monitor},server=on,wait=off", "-qmp", $"unix:{watched},server=on,wait=off", .. waits ? ["-incoming", "defer"] : Array.Empty<string>(),
            "-L", $"{usr}/share/qemu", "-L", $"{usr}/share/seabios", "-L", "/usr/share/seabios",
        ];
        var start = new ProcessStartInfo($"{usr}/bin/qemu-system-x86_64", arguments);
        if (usr != "/usr")
            start.Environment["LD_LIBRARY_PATH"] = $"{usr}/lib/x86_64-linux-gnu";
        var machine = new Machine(Process.Start(start)!, monitor);
        try
        {
            await machine.OpenAsync(folder, name, watched, waits);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    private async Task OpenAsync(DirectoryInfo folder, string name, string watched, bool waits)
    {
        while (!(File.Exists(Monitor) && File.Exists(watched)))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"QEMU ended with {_process.ExitCode} before it listened.");
            await Task.Delay(10);
        }

        Watcher = await QmpClient.ConnectAsync(new UnixDomainSocketEndPoint(watched));
        Events = Watcher.Listen();
        // A guest that runs has counted before it is moved.
        for (var tries = 0; !waits && Ticks(folder, name) < 3; tries++)
        {
            if (tries > 600 || _process.HasExited)
                throw new InvalidOperationException("The guest does not count.");
            await Task.Delay(100);
        }
    }

    /// <summary>When this event came next, by QEMU's own clock: that of the machine.</summary>
    internal async Task<DateTimeOffset> WhenAsync(string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var happened in Events.WithCancellation(limit.Token))
        {
            if (happened.Name == name)
                return happened.Time is { } time ? time : throw new InvalidOperationException($"QEMU does not say when {name} was.");
        }

        throw new InvalidOperationException($"QEMU did not say {name}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (Watcher is { } watcher)
            await watcher.DisposeAsync();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int Ticks(DirectoryInfo folder, string name)
    {
        var path = Path.Combine(folder.FullName, $"{name}.ticks");
        if (!File.Exists(path))
            return 0;
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n').Length - 1;
    }
}
