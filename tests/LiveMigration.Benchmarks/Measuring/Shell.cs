using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LiveMigration.Benchmarks.Measuring;

/// <summary>A program that stands and takes commands one by one: virsh or PowerShell, connected or loaded beforehand.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Process _process;
    private readonly Func<string, string> _say;
    private readonly char[] _buffer = new char[1 << 16];
    private int _count;

    private Shell(Process process, Func<string, string> say)
    {
        _process = process;
        _say = say;
    }

    /// <summary>virsh with a connection that stands.</summary>
    internal static async Task<Shell> VirshAsync(string uri)
    {
        // It repeats what it is told, so a mark counts only at the start of a line.
        var virsh = new Shell(Start("virsh", "-q", "-c", uri), text => $"echo {text}");
        await virsh.RunAsync("uri");
        return virsh;
    }

    /// <summary>PowerShell with a module loaded; null where there is no PowerShell.</summary>
    internal static async Task<Shell?> PowerShellAsync(string module)
    {
        string[] arguments = ["-NoProfile", "-NonInteractive", "-Command", "-"];
        Process process;
        try
        {
            process = Start("pwsh", arguments);
        }
        catch (Win32Exception)
        {
            process = Start("dotnet", ["tool", "run", "pwsh", "--", .. arguments]);
        }

        var shell = new Shell(process, text => $"\"`n{text}\"");
        try
        {
            await shell.RunAsync($"$ErrorActionPreference = 'Stop'; Import-Module '{module}'");
            return shell;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            shell.Dispose();
            return null;
        }
    }

    /// <summary>Runs a command and waits for all it prints.</summary>
    internal async Task<string> RunAsync(string command)
    {
        var mark = $"done-{++_count}";
        await _process.StandardInput.WriteAsync($"{command}\n{_say(mark)}\n");
        await _process.StandardInput.FlushAsync();
        var said = new StringBuilder();
        var seen = "";
        while (!seen.Contains('\n' + mark))
        {
            var read = await _process.StandardOutput.ReadAsync(_buffer);
            if (read == 0)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended while it ran '{command}'.");
            said.Append(_buffer, 0, read);
            var tail = Math.Min(said.Length, read + mark.Length + 1);
            seen = said.ToString(said.Length - tail, tail);
        }

        return said.ToString();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }

    private static Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } error)
                Console.Error.WriteLine(error);
        };
        process.BeginErrorReadLine();
        return process;
    }
}
