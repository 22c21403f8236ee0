using System.Text.Json.Nodes;

namespace LiveMigration.Interop.Qmp;

/// <summary>QEMU's measurement of dirty pages by samples, which libvirt offers for whole seconds and few samples only.</summary>
internal static class QmpDirtyRate
{
    /// <summary>The most samples that QEMU takes of each GiB.</summary>
    internal const int MostSamples = 16384;

    /// <summary>From this QEMU on, a period may be given in milliseconds.</summary>
    internal static readonly Version Milliseconds = new(8, 2);

    /// <summary>Starts a measurement.</summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="period">50 ms to 60 s.</param>
    /// <param name="samples">Samples of each GiB, 128 to 16384.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal static Task StartDirtyRateAsync(this QmpClient monitor, TimeSpan period, int samples, CancellationToken cancellationToken) =>
        monitor.ExecuteAsync(
            "calc-dirty-rate",
            new JsonObject { ["calc-time"] = (long)period.TotalMilliseconds, ["calc-time-unit"] = "millisecond", ["sample-pages"] = samples },
            cancellationToken);

    /// <summary>The rate in MiB/s that was measured; null while it is being measured.</summary>
    internal static async Task<long?> QueryDirtyRateAsync(this QmpClient monitor, CancellationToken cancellationToken)
    {
        var answer = await monitor.ExecuteAsync("query-dirty-rate", null, cancellationToken).ConfigureAwait(false);
        return answer.TryGetProperty("status", out var status) && status.GetString() == "measured" && answer.TryGetProperty("dirty-rate", out var rate)
            ? rate.GetInt64()
            : null;
    }
}
