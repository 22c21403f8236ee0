using System.Text.Json;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Forecasting;
using LiveMigration.Migration;
using LiveMigration.Migration.History;
using LiveMigration.Migration.Qemu;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Security.Certificates;
using LiveMigration.Units;

namespace LiveMigration.Tests.Lab.Qemu;

/// <summary>TLS, multifd and xbzrle between two QEMUs: seen on the wire and in QEMU's counters, not only asked for. And what was forecast of a migration.</summary>
[Trait("Category", "Lab")]
public sealed class QemuStreamOptionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lm-bare-");

    private readonly WireTap _tap = new();

    public void Dispose()
    {
        _tap.Dispose();
        _folder.Delete(recursive: true);
    }

    private MigrationOptions Tapped => new() { MigrationUri = $"tcp:127.0.0.1:{_tap.Port}", ListenAddress = "127.0.0.2" };

    [LabTheory]
    [InlineData(BareQemu.Debian, MigrationCompression.None)]
    [InlineData(BareQemu.Backports, MigrationCompression.Zstd)]
    public async Task Memory_goes_over_several_connections(string usr, MigrationCompression compression)
    {
        var (result, last) = await MoveAsync(usr, Tapped with { Parallel = 3, Compression = compression, Bandwidth = Bandwidth.FromMebibytes(64) }, 8);
        Assert.True(Number(last, "ram", "multifd-bytes") > 0, $"{last}");
        Assert.Equal([WireTap.Multifd, WireTap.Multifd, WireTap.Multifd, WireTap.Stream], _tap.Heads.Order());
        Assert.False(result.Encrypted);
    }

    /// <summary>A page that changes in part is sent as its difference, in the passes after the first.</summary>
    [LabTheory]
    [InlineData(BareQemu.Debian)]
    [InlineData(BareQemu.Backports)]
    public async Task Pages_are_sent_as_differences(string usr)
    {
        var (_, last) = await MoveAsync(usr, Tapped with { Compression = MigrationCompression.Xbzrle, Bandwidth = Bandwidth.FromMebibytes(24), MaxDowntime = TimeSpan.FromMilliseconds(20) }, 40);
        Assert.True(Number(last, "xbzrle-cache", "pages") > 0 && Number(last, "xbzrle-cache", "bytes") > 0, $"{last}");
        Assert.Equal([WireTap.Stream], _tap.Heads);
    }

    [LabTheory]
    [InlineData(BareQemu.Debian, null)]
    [InlineData(BareQemu.Backports, 2)]
    public async Task Encrypted_nothing_of_the_stream_is_on_the_wire(string usr, int? parallel)
    {
        var folder = new CertificateFolder(Path.Combine(_folder.FullName, "pki"));
        folder.MakeAuthority("test", CertificateKey.Ecdsa, 365, DateTimeOffset.UtcNow.AddHours(-1));
        folder.Make(
            new HostCertificateRequest { Name = "host", Names = ["host", "127.0.0.1"], Key = CertificateKey.Ecdsa, Replace = true, Roles = [CertificateRole.Server, CertificateRole.Client] },
            DateTimeOffset.UtcNow);
        var (result, _) = await MoveAsync(usr, Tapped with { Tls = MigrationTls.Required, TlsName = "host", Parallel = parallel }, 8, Path.Combine(_folder.FullName, "pki", "host"));
        Assert.True(result.Encrypted);
        Assert.Equal(1 + (parallel ?? 0), _tap.Heads.Count);
        // A handshake of TLS 1.x.
        Assert.All(_tap.Heads, head => Assert.Equal(0x1603u, head >> 16));
    }

    /// <summary>The forecast is measured by the QEMU itself, and kept with the migration that follows, in its result and in the history.</summary>
    [LabFact]
    public async Task What_was_forecast_is_kept_with_the_migration()
    {
        await using var a = await BareQemu.StartAsync(_folder, "a");
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true);
        await a.TickAsync(3);
        var curve = await a.Qemu.MeasureDirtyCurveAsync([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]);
        Assert.Equal([1d, 2d], curve.Select(rate => rate.Period!.Value.TotalSeconds));
        Assert.All(curve, rate => Assert.InRange(rate.Rate!.Value, 1, 1L << 30));
        var refused = await Assert.ThrowsAsync<LiveMigrationException>(() => a.Qemu.MeasureDirtyCurveAsync([TimeSpan.FromMilliseconds(300)]));
        Assert.Contains("1 to 60 whole seconds", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Faults.DomainNotRunning, (await Assert.ThrowsAsync<LiveMigrationException>(() => b.Qemu.MeasureDirtyCurveAsync())).Fault);
        Assert.Null(a.Qemu.LinkTo(b.Qemu, [], DateTimeOffset.Now));
        var terms = await a.Qemu.GetForecastTermsAsync(b.Qemu, new MigrationLink(Bandwidth.FromMebibytes(500), "a test"));
        Assert.Equal((false, TimeSpan.FromMilliseconds(300)), (terms.Kvm, terms.MaxDowntime.Value));
        Assert.InRange(terms.MemoryInUse!.Value, 8L << 20, a.Qemu.MaxMemory!.Value);
        var forecast = MigrationForecaster.Forecast(curve.ToDirtyCurve(a.Qemu.MaxMemory), terms);
        Assert.True(forecast.Converges);
        var result = await (await a.Qemu.PlanMigrationAsync(b.Qemu)).Start().Completion.WaitAsync(Patience);
        Assert.Equal(MigrationVerdict.Moved, result.Verdict);
        Assert.Equal("a test", result.Forecast?.BandwidthSource);
        var record = Assert.Single(new MigrationHistory(a.State).Read(DateTimeOffset.Now.AddDays(-1)));
        Assert.NotNull(record.Forecast);
        await b.TickAsync(3);
        BareQemu.IsWhole(a, b);
    }

    [LabFact]
    public async Task A_new_QEMU_measures_parts_of_a_second()
    {
        if (!File.Exists($"{BareQemu.Backports}/bin/qemu-system-x86_64"))
            return;
        await using var a = await BareQemu.StartAsync(_folder, "a", usr: BareQemu.Backports, rate: 40);
        await a.TickAsync(3);
        var rate = Assert.Single(await a.Qemu.MeasureDirtyCurveAsync([TimeSpan.FromMilliseconds(200)]));
        Assert.Equal(200, rate.Period!.Value.TotalMilliseconds);
        Assert.True(rate.Rate > 0, $"{rate.Rate}");
    }

    /// <summary>Moves a guest, and returns what the source said of it last while it sent.</summary>
    private async Task<(MigrationResult Result, JsonElement Last)> MoveAsync(string usr, MigrationOptions options, int rate, string? tlsFolder = null)
    {
        await using var a = await BareQemu.StartAsync(_folder, "a", usr: usr, rate: rate);
        await using var b = await BareQemu.StartAsync(_folder, "b", incoming: true, usr: usr, rate: rate);
        await a.TickAsync(3);
        var run = (await a.Qemu.PlanMigrationAsync(b.Qemu, options, tlsFolder)).Start();
        JsonElement last = default;
        while (!run.Completion.IsCompleted)
        {
            try
            {
                if (await (await a.Qemu.MonitorAsync()).ExecuteAsync("query-migrate") is var said && said.TryGetProperty("ram", out _))
                    last = said;
            }
            catch (LiveMigrationException)
            {
                break; // The source has ended.
            }

            await Task.Delay(50);
        }

        var result = await run.Completion.WaitAsync(Patience);
        Assert.True(result.Verdict is MigrationVerdict.Moved, $"{result.Outcome}: {result.Error}");
        await b.TickAsync(3);
        await a.ExitAsync();
        BareQemu.IsWhole(a, b);
        return (result, last);
    }

    private static long Number(JsonElement info, string part, string name) =>
        info.ValueKind is JsonValueKind.Object && info.TryGetProperty(part, out var inner) && inner.TryGetProperty(name, out var number) ? number.GetInt64() : 0;
}
