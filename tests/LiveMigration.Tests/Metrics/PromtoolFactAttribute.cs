using System.Diagnostics;

namespace LiveMigration.Tests.Metrics;

/// <summary>A test with promtool of Debian's package prometheus, which <c>tests/lab/lab.sh packages tests</c> lists: left out, with the reason, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute() => Skip = Array.Exists(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), folder => File.Exists(Path.Combine(folder, "promtool"))) ? null : "promtool is not installed (apt-get install prometheus)";

    /// <summary>What <c>promtool check metrics</c> says of a text; nothing where it is right.</summary>
    internal static async Task<(int Code, string Said)> CheckAsync(string text)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics") { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = (promtool.StandardError.ReadToEndAsync(), promtool.StandardOutput.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await promtool.WaitForExitAsync(patience.Token);
        return (promtool.ExitCode, await said.Item1 + await said.Item2);
    }
}
