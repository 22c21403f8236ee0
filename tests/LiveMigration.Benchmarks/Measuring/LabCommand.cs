using System.Diagnostics;
using System.Text.Json;

namespace LiveMigration.Benchmarks.Measuring;

/// <summary>The command of the lab whose hosts are measured.</summary>
/// <param name="command">The program, and what comes before each word to the lab.</param>
internal sealed class LabCommand(string[] command)
{
    internal async Task<string> RunAsync(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], [.. command[1..], .. words]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"lab.sh {string.Join(' ', words)} failed.");
    }

    /// <summary>What a host's interface has sent so far, in bytes.</summary>
    internal Task<long> SentAsync(string host) => CountAsync(host, "txBytes");

    /// <summary>What its link has carried, which has a rate: with the headers of each packet, as the rate counts them.</summary>
    internal Task<long> CarriedAsync(string host) => CountAsync(host, "shapedBytes");

    /// <summary>What a guest's ticks tell from one of them on.</summary>
    internal async Task<JsonElement> TicksAsync(string guest, long since) =>
        JsonDocument.Parse(await RunAsync("ticks", guest, "--since", $"{since}")).RootElement;

    private async Task<long> CountAsync(string host, string counter) =>
        JsonDocument.Parse(await RunAsync("link", host, "counters")).RootElement.GetProperty(counter).GetInt64();
}
