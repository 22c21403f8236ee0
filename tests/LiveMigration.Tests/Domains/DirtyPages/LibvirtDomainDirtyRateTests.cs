using LiveMigration.Domains;
using LiveMigration.Domains.DirtyPages;
using LiveMigration.Errors;
using LiveMigration.Tests.Hosts;
using LiveMigration.Tests.Interop.Libvirt;
using LiveMigration.Units;

namespace LiveMigration.Tests.Domains.DirtyPages;

public sealed class LibvirtDomainDirtyRateTests
{
    [Theory]
    [InlineData("999ms")]
    [InlineData("61s")]
    [InlineData("1.5s")]
    public async Task A_period_is_whole_seconds_up_to_a_minute(string period)
    {
        var error = await Assert.ThrowsAsync<LiveMigrationException>(() => Given.Domain().MeasureDirtyRateAsync(Duration.Parse(period)));
        Assert.Equal((Faults.OutOfRange, "a"), (error.Fault, error.Host));
    }

    [LibvirtFact]
    public async Task A_guest_that_does_not_run_dirties_nothing()
    {
        using var host = await TestHost.OwnAsync();
        var error = await FailsAsync(await host.GetDomainAsync("web2"), DirtyRateMode.PageSampling);
        Assert.Equal(Faults.DomainNotRunning, error.Fault);
        Assert.StartsWith("own: 'web2' is Paused (unknown)", error.Message, StringComparison.Ordinal);
    }

    [LibvirtFact]
    public async Task What_counts_with_KVM_is_refused_where_there_is_none()
    {
        using var host = await TestHost.OwnAsync();
        foreach (var mode in new[] { DirtyRateMode.DirtyBitmap, DirtyRateMode.DirtyRing })
        {
            var error = await FailsAsync(await host.GetDomainAsync("web1"), mode);
            Assert.Equal(Faults.ModeNotSurvivable, error.Fault);
            Assert.StartsWith($"own: 'web1' runs without KVM (domain type 'test'): {mode}", error.Message, StringComparison.Ordinal);
        }
    }

    [LibvirtFact]
    public async Task What_a_driver_cannot_measure_is_not_supported()
    {
        using var host = await TestHost.OwnAsync();
        var error = await FailsAsync(await host.GetDomainAsync("web1"), DirtyRateMode.PageSampling);
        Assert.Equal(Faults.NotSupported, error.Fault);
    }

    [Fact]
    public void What_was_dirtied_is_the_rate_by_the_period()
    {
        var rate = new DirtyRate
        {
            Name = "web", HostName = "a", Mode = DirtyRateMode.PageSampling, Time = DateTimeOffset.UnixEpoch,
            Rate = Bandwidth.Parse("100MiB/s").BytesPerSecond, PagesPerSecond = 25_600, ShareOfMemory = 0.1,
        };
        Assert.Null(rate.Dirtied);
        Assert.Equal(ByteSize.Parse("300MiB"), (rate with { Period = TimeSpan.FromSeconds(3) }).Dirtied);
    }

    private static Task<LiveMigrationException> FailsAsync(LibvirtDomain domain, DirtyRateMode mode) =>
        Assert.ThrowsAnyAsync<LiveMigrationException>(() => domain.MeasureDirtyRateAsync(TimeSpan.FromSeconds(1), mode));
}
