using System.Diagnostics;
using System.Net.Sockets;
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

    /// <summary>Of the 16 MiB that are full of it. A worker's buffers for its disk have 128 KiB: so much is seen of the disk itself.</summary>
    private const int Enough = 4 << 20;

    /// <summary>KiB that the kernel keeps for a capture that does not get to run: all that travels.</summary>
    private const string Buffer = "131072";

    /// <summary>Of those that libvirt migrates to.</summary>
    private const int LastPort = 49215;

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
        var options = new MigrationOptions { Parallel = parallel };
        var clear = await SeenAsync(where, options with { Tls = MigrationTls.Off });
        Assert.True(clear > Enough, $"Only {clear} bytes of the marker were seen in the clear: the capture proves nothing.");
        Assert.Equal(0, await SeenAsync(where, options));
    }

    /// <summary>How many bytes of the marker were on the wire.</summary>
    private async Task<int> SeenAsync(string where, MigrationOptions options)
    {
        await using var guest = await lab.GuestAsync(where, $"marker={Marker}");
        using var capture = LabHosts.Start("sh", "b", "tcpdump", "-q", "-U", "-B", Buffer, "-i", "any", "-w", "-", $"portrange 49152-{LastPort}");
        try
        {
            // It says on standard error that it listens.
            Assert.Contains("listening", await ListeningAsync(capture), StringComparison.Ordinal);
            using var bytes = new MemoryStream();
            var reading = capture.StandardOutput.BaseStream.CopyToAsync(bytes);
            var result = await (await (await guest.OnA).PlanMigrationAsync(lab.B, options)).Start().Completion.WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(result.Outcome is MigrationOutcome.Completed, result.Error);
            Assert.Equal(options.Tls is not MigrationTls.Off, result.Encrypted);
            await WrittenOutAsync(bytes);
            capture.Kill(entireProcessTree: true);
            await reading.WaitAsync(TimeSpan.FromMinutes(1));
            var seen = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            Assert.True(seen.Length > 2 * Enough, $"Only {seen.Length} bytes were captured.");
            return seen.Count("SECRETSECRETSECRET"u8) * 3 * Marker.Length;
        }
        finally
        {
            if (!capture.HasExited)
                capture.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Until the capture has written out a datagram that was sent after all else: it keeps the order.</summary>
    private async Task WrittenOutAsync(MemoryStream bytes)
    {
        using var socket = new UdpClient();
        var last = Guid.NewGuid().ToByteArray();
        for (var tries = 0; tries < 300; tries++)
        {
            await socket.SendAsync(last, lab.B.Uri.Host, LastPort);
            await Task.Delay(200);
            // It grows meanwhile, and may have got another buffer.
            var buffer = bytes.GetBuffer();
            if (buffer.AsSpan(0, (int)Math.Min(bytes.Length, buffer.Length)).IndexOf(last) >= 0)
                return;
        }

        Assert.Fail($"The capture stopped at {bytes.Length} bytes.");
    }

    private static async Task<string> ListeningAsync(Process capture)
    {
        while (await capture.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
        {
            if (line.Contains("listening", StringComparison.Ordinal))
                return line;
        }

        return "";
    }
}
