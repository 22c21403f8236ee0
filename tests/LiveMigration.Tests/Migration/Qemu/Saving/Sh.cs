using System.Diagnostics;

namespace LiveMigration.Tests.Migration.Qemu.Saving;

/// <summary>A script as a host's shell runs it: on its standard input.</summary>
internal static class Sh
{
    internal static (int Code, string Output, string Errors) Run(string script, byte[]? asArgument = null)
    {
        // As QEMU runs it, where there is an input for it; as a host's shell does otherwise.
        var start = asArgument is null ? new ProcessStartInfo("sh", ["-s"]) : new ProcessStartInfo("sh", ["-c", script]);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            process.StandardInput.BaseStream.Write(asArgument ?? System.Text.Encoding.UTF8.GetBytes(script));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), script);
        return (process.ExitCode, output.Result, errors.Result);
    }
}
