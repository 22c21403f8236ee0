using System.Diagnostics;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;

namespace LiveMigration.Tests.Lab;

/// <summary>E2: what is in a guest can be read on the wire without TLS, and cannot with it.</summary>
[Collection(TheLab.Name)]
[Trait("Category", "Lab")]
public sealed class WireTests(LabHosts lab)
{
    private const string Marker = "SECRET";

    /// <summary>Memory alone, or a disk alone; how many connections.</summary>
    public static TheoryData<string, int?> Secrets => new()
    {
        { "static=16", null },
        { "static=16", 2 },
        { "disk=local", null },
    };

    [LabTheory]
    [MemberData(nameof(Secrets))]
    public async Task A_secret_is_seen_on_the_wire_in_the_clear_and_never_encrypted(string where, int? parallel)
    {
        await using var guest = await lab.GuestAsync(where, $"marker={Marker}");
        var options = new MigrationOptions { Parallel = parallel };
        Assert.True(await IsSeenAsync(guest, lab.A, lab.B, options with { Tls = MigrationTls.Off }), "The marker was not seen in the clear: the capture proves nothing.");
        Assert.False(await IsSeenAsync(guest, lab.B, lab.A, options), "The marker was seen.");
    }

    private static async Task<bool> IsSeenAsync(LabHosts.Guest guest, LibvirtHost from, LibvirtHost to, MigrationOptions options)
    {
        using var capture = LabHosts.Start("sh", "b", "tcpdump", "-q", "-U", "-i", "any", "-w", "-", "tcp portrange 49152-49215");
        try
        {
            // It says on standard error that it listens.
            Assert.Contains("listening", await ListeningAsync(capture), StringComparison.Ordinal);
            using var bytes = new MemoryStream();
            var reading = capture.StandardOutput.BaseStream.CopyToAsync(bytes);
            var result = await (await (await from.GetDomainAsync(guest.Name)).PlanMigrationAsync(to, options)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
            Assert.Equal(options.Tls is not MigrationTls.Off, result.Encrypted);
            await Task.Delay(1000);
            capture.Kill(entireProcessTree: true);
            await reading.WaitAsync(TimeSpan.FromSeconds(20));
            var seen = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            Assert.True(seen.Length > 1_000_000, $"Only {seen.Length} bytes were captured.");
            return seen.IndexOf("SECRETSECRETSECRET"u8) >= 0;
        }
        finally
        {
            if (!capture.HasExited)
                capture.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> ListeningAsync(Process capture)
    {
        while (await capture.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) is { } line)
        {
            if (line.Contains("listening", StringComparison.Ordinal))
                return line;
        }

        return "";
    }
}
