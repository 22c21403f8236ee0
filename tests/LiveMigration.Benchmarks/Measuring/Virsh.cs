using System.Diagnostics;
using System.Text;

namespace LiveMigration.Benchmarks.Measuring;

/// <summary>virsh with a connection that stands: a shell that takes commands one by one.</summary>
internal sealed class Virsh : IDisposable
{
    private readonly Process _process;
    private readonly char[] _buffer = new char[1 << 16];
    private int _count;

    private Virsh(Process process) => _process = process;

    internal static async Task<Virsh> ConnectAsync(string uri)
    {
        var start = new ProcessStartInfo("virsh", ["-q", "-c", uri])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        var virsh = new Virsh(process);
        await virsh.RunAsync("uri");
        return virsh;
    }

    /// <summary>Runs a command and waits for all it prints.</summary>
    internal async Task<string> RunAsync(string command)
    {
        // The shell repeats what it is told, so the mark counts only at the start of a line.
        var mark = $"done-{++_count}";
        await _process.StandardInput.WriteAsync($"{command}\necho {mark}\n");
        await _process.StandardInput.FlushAsync();
        var said = new StringBuilder();
        var seen = "";
        while (!seen.Contains('\n' + mark))
        {
            var read = await _process.StandardOutput.ReadAsync(_buffer);
            if (read == 0)
                throw new InvalidOperationException($"virsh ended while it ran '{command}'.");
            said.Append(_buffer, 0, read);
            var tail = Math.Min(said.Length, read + mark.Length + 1);
            seen = said.ToString(said.Length - tail, tail);
        }

        return said.ToString();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(2000);
        _process.Dispose();
    }
}
