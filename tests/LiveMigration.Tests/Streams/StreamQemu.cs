using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Streams;

/// <summary>A real QEMU whose guest is a few instructions of firmware: in each of 128 pages it changes 64 bytes, round and round.</summary>
internal sealed class StreamQemu : IAsyncDisposable
{
    private static readonly string Overlay = Path.Combine(Environment.GetEnvironmentVariable("LAB_CACHE") ?? "/srv/livemigration/cache", "backports", "usr");

    /// <summary>mov ax,1000 · mov ds,ax · xor di,di · inc byte [di] · add di,40 · jnz inc · add ax,1000 · cmp ax,9000 · jb mov ds · jmp mov ax.</summary>
    private static readonly byte[] Guest = [0xB8, 0, 0x10, 0x8E, 0xD8, 0x31, 0xFF, 0xFE, 5, 0x83, 0xC7, 0x40, 0x75, 0xF9, 5, 0, 0x10, 0x3D, 0, 0x90, 0x72, 0xED, 0xEB, 0xE8];

    private readonly Process _process;
    private readonly string _monitor;

    private StreamQemu(Process process, string monitor) => (_process, _monitor) = (process, monitor);

    /// <summary>Why there is no QEMU 10 here; null when there is. QEMU 7.2 loses pages of guests that it emulates.</summary>
    internal static string? Unavailable { get; } =
        Interop.Qmp.RealQemu.Unavailable ?? (File.Exists(Path.Combine(Overlay, "bin", "qemu-system-x86_64")) ? null : "The lab has no QEMU 10: run 'tests/lab/lab.sh prepare backports'.");

    internal QmpClient Monitor { get; private set; } = null!;

    /// <summary>Starts one.</summary>
    /// <param name="folder">Gets its firmware and its socket.</param>
    /// <param name="name">Of the socket.</param>
    /// <param name="young">QEMU 10, not the machine's own.</param>
    /// <param name="options">More options.</param>
    internal static async Task<StreamQemu> StartAsync(TemporaryFolder folder, string name, bool young, params string[] options)
    {
        var bios = Path.Combine(folder.Path, "bios");
        var rom = new byte[65_536];
        Guest.CopyTo(rom, 0);
        byte[] reset = [0xE9, 0x0D, 0x00]; // jmp to the beginning, over the segment's end
        reset.CopyTo(rom, 0xFFF0);
        await File.WriteAllBytesAsync(bios, rom);
        var monitor = Path.Combine(folder.Path, name);
        string[] common = ["-accel", "tcg", "-m", "16", "-nodefaults", "-display", "none", "-bios", bios, "-qmp", $"unix:{monitor},server=on,wait=off"];
        var start = young
            ? new ProcessStartInfo(Path.Combine(Overlay, "bin", "qemu-system-x86_64"), ["-L", Path.Combine(Overlay, "share", "qemu"), .. common, .. options])
            : new ProcessStartInfo("qemu-system-x86_64", [.. common, .. options]);
        if (young)
            start.Environment["LD_LIBRARY_PATH"] = Path.Combine(Overlay, "lib", "x86_64-linux-gnu");
        var qemu = new StreamQemu(Process.Start(start)!, monitor);
        qemu.Monitor = await qemu.ConnectAsync();
        return qemu;
    }

    internal async Task CapabilitiesAsync(params string[] capabilities) => await Monitor.ExecuteAsync("migrate-set-capabilities", new JsonObject
    {
        ["capabilities"] = new JsonArray([.. capabilities.Select(name => new JsonObject { ["capability"] = name, ["state"] = true })]),
    });

    internal async Task MigrateAsync(string uri) => await Monitor.ExecuteAsync("migrate", new JsonObject { ["uri"] = uri });

    internal async Task<JsonElement> QueryAsync() => await Monitor.ExecuteAsync("query-migrate");

    /// <summary>Asks until the migration has ended.</summary>
    internal Task EndedAsync() => UntilAsync(status => status.GetProperty("status").GetString() == "completed");

    /// <summary>Asks until something holds; that the migration ends without it, or takes two minutes, is a failure.</summary>
    internal async Task UntilAsync(Predicate<JsonElement> holds)
    {
        var patience = Stopwatch.StartNew();
        for (var status = await QueryAsync(); !holds(status); status = await QueryAsync())
        {
            var state = status.TryGetProperty("status", out var word) ? word.GetString() : "none";
            Assert.True(state is not "failed" and not "completed" && patience.Elapsed < TimeSpan.FromMinutes(2), $"The migration is {state}: {status}");
            await Task.Delay(20);
        }
    }

    /// <summary>The guest's memory as QEMU has it.</summary>
    internal async Task<byte[]> MemoryAsync(TemporaryFolder folder)
    {
        var file = Path.Combine(folder.Path, "pmemsave");
        await Monitor.ExecuteAsync("pmemsave", new JsonObject { ["val"] = 0, ["size"] = 16 << 20, ["filename"] = file });
        return await File.ReadAllBytesAsync(file);
    }

    public async ValueTask DisposeAsync()
    {
        await Monitor.DisposeAsync();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<QmpClient> ConnectAsync()
    {
        while (true)
        {
            try
            {
                return await QmpClient.ConnectAsync(QmpAddress.Parse($"unix:{_monitor}"));
            }
            catch (LiveMigrationException exception) when (exception.Fault == Faults.MonitorUnreachable && !_process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }
}

/// <summary>A test on QEMU 10: left out, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class YoungQemuFactAttribute : FactAttribute
{
    public YoungQemuFactAttribute() => Skip = StreamQemu.Unavailable;
}
