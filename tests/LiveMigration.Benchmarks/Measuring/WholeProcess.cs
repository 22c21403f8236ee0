using System.Diagnostics;

namespace LiveMigration.Benchmarks.Measuring;

/// <summary>A program from its start to its end; what it prints is read and dropped.</summary>
internal static class WholeProcess
{
    internal static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var buffer = new byte[1 << 16];
        while (await process.StandardOutput.BaseStream.ReadAsync(buffer) > 0)
        {
        }

        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }
}
