using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using LiveMigration.Errors;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>A QEMU of one's own, with a monitor, in a folder that goes with it.</summary>
public sealed class RealQemu : IAsyncDisposable
{
    private const string Program = "qemu-system-x86_64";

    private readonly Process _process;

    private RealQemu(DirectoryInfo folder, Process process) => (Folder, _process) = (folder, process);

    /// <summary>Why there is none here; null when there is.</summary>
    public static string? Unavailable { get; } =
        OperatingSystem.IsWindows() ? "QEMU's monitor is tried on Linux and macOS."
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, Program))) ? null
        : $"There is no {Program} here.";

    public DirectoryInfo Folder { get; }

    public EndPoint Monitor => QmpAddress.Parse($"unix:{Path.Combine(Folder.FullName, "qmp")}");

    /// <summary>Starts QEMU.</summary>
    /// <param name="monitor">QEMU's options for a monitor, {0} being the socket of <see cref="Monitor"/>.</param>
    public static RealQemu Start(string monitor = "-qmp unix:{0},server=on,wait=off", string machine = "q35")
    {
        var folder = Directory.CreateTempSubdirectory("lm-qmp");
        var options = $"-machine {machine} -accel tcg -m 16 -nodefaults -display none -name recorded "
            + string.Format(null, monitor, Path.Combine(folder.FullName, "qmp"));
        var start = new ProcessStartInfo(Program, options) { RedirectStandardError = true, WorkingDirectory = folder.FullName };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new RealQemu(folder, process);
    }

    public Task<QmpClient> ConnectAsync(QmpOptions? options = null) => OnceItListensAsync(() => QmpClient.ConnectAsync(Monitor, options));

    /// <summary>QEMU needs a moment before its socket is there and listens.</summary>
    public async Task<T> OnceItListensAsync<T>(Func<Task<T>> connect)
    {
        while (true)
        {
            try
            {
                return await connect();
            }
            catch (LiveMigrationException exception) when (exception.Fault == Faults.MonitorUnreachable && !_process.HasExited)
            {
                await Task.Delay(10);
            }
        }
    }

    /// <summary>
    /// The arguments of a command that QEMU is stuck in until the returned object is disposed: <c>pmemsave</c> into a pipe that
    /// nobody reads.
    /// </summary>
    public IDisposable StuckIn(out JsonObject arguments)
    {
        var pipe = Path.Combine(Folder.FullName, $"pipe{Guid.NewGuid():N}");
        Assert.True(Process.Start("mkfifo", pipe).WaitForExit(TimeSpan.FromMinutes(1)));
        arguments = new JsonObject { ["val"] = 0, ["size"] = 1, ["filename"] = pipe };
        return new Reader(pipe);
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    public Task ExitAsync() => _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        _process.Dispose();
        Folder.Delete(recursive: true);
    }

    private sealed class Reader(string pipe) : IDisposable
    {
        public void Dispose()
        {
            using var stream = File.Open(pipe, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.CopyTo(Stream.Null);
        }
    }

    /// <summary>What a call must end with.</summary>
    public static async Task<LiveMigrationException> Fails(Fault fault, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<LiveMigrationException>(call);
        Assert.Equal(fault, error.Fault);
        return error;
    }
}

/// <summary>Questions of tests.</summary>
internal static class Questions
{
    /// <summary>Has QEMU say a number: an answer that tells which question it is for.</summary>
    internal static async Task<int> PrintAsync(this QmpClient monitor, int number)
    {
        var printed = await monitor.ExecuteAsync("human-monitor-command", new JsonObject { ["command-line"] = $"print/d {number}" });
        return int.Parse(printed.GetString()!.Trim(), null);
    }
}
