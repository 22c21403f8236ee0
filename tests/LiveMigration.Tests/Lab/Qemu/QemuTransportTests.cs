using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>Ways from one QEMU to another beside tcp: and unix:.</summary>
[Trait("Category", "Lab")]
public sealed class QemuTransportTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-bare-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string Pipe => Path.Combine(_folder.FullName, "pipe");

    [LabFact]
    public async Task What_is_not_safe_or_half_said_is_refused_before_anything_is_changed()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        foreach (var (options, word) in new (MigrationOptions, string)[]
        {
            (new() { MigrationUri = $"file:{Pipe}" }, "Save-VMState"),
            (new() { MigrationUri = "fd:7" }, "UNIX socket"),
            (new() { MigrationUri = "exec:cat" }, "exec: in -MigrationUri"),
            (new() { ListenAddress = "exec:cat" }, "exec: in -MigrationUri"),
            (new() { MigrationUri = "exec:cat", ListenAddress = "exec:cat" }, "which would run with the disks of today"),
        })
        {
            var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.PlanMigrationAsync(b.Qemu, options));
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        }

        await b.Qemu.RefreshAsync();
        Assert.Equal(("inmigrate", null), (b.Qemu.State, b.Qemu.Migration));
        Assert.False(File.Exists(Pipe));
    }

    /// <summary>There is no such hardware here: QEMU's own words are what the user reads.</summary>
    [LabFact]
    public async Task Over_RDMA_what_QEMU_says_is_told_and_the_guest_stays()
    {
        await using var a = await StartAsync("a");
        await using var b = await StartAsync("b", incoming: true);
        await a.TickAsync();
        var result = await (await a.Qemu.PlanMigrationAsync(b.Qemu, new MigrationOptions { MigrationUri = "rdma:127.0.0.1:4444" })).Start().Completion.WaitAsync(Patience);
        Assert.Equal((MigrationOutcome.Failed, MigrationVerdict.Stayed), (result.Outcome, result.Verdict));
        Assert.Contains("rdma", result.Error, StringComparison.OrdinalIgnoreCase);
        await a.TickAsync(2);
        BareQemu.IsWhole(a);
    }

    private Task<BareQemu> StartAsync(string name, bool incoming = false) => BareQemu.StartAsync(_folder, name, incoming: incoming);
}
