using System.Diagnostics;
using System.Net.Sockets;

namespace LiveMigration.Benchmarks.Monitors;

/// <summary>A QEMU without a machine, with monitors and nothing else to do: what it costs to talk to it.</summary>
internal sealed class Qemu : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("livemigration-qmp-");
    private readonly Process _process;

    /// <param name="monitors">How many clients can talk to it.</param>
    internal Qemu(int monitors)
    {
        EndPoints = [.. Enumerable.Range(0, monitors).Select(number => new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, $"{number}")))];
        string[] machine = ["-M", "none", "-nodefaults", "-display", "none"];
        var sockets = EndPoints.SelectMany(socket => new[] { "-qmp", $"unix:{socket},server=on,wait=off" });
        _process = Process.Start("qemu-system-x86_64", [.. machine, .. sockets]);
    }

    internal IReadOnlyList<UnixDomainSocketEndPoint> EndPoints { get; }

    /// <summary>QEMU opens its monitors one after another, and has a little to do before that.</summary>
    internal async Task ListensAsync()
    {
        while (!EndPoints.All(socket => File.Exists(socket.ToString())))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"QEMU ended with {_process.ExitCode} before it listened.");
            await Task.Delay(10);
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
