using System.Text.Json.Nodes;

namespace LiveMigration.Interop.Qmp;

/// <summary>QEMU's measurement of dirty pages by samples, which libvirt offers for whole seconds and few samples only.</summary>
internal static class QmpDirtyRate
{
    /// <summary>The most samples that QEMU takes of each GiB.</summary>
    internal const int MostSamples = 16384;

    /// <summary>From this QEMU on, a period may be given in milliseconds.</summary>
    internal static readonly Version Milliseconds = new(8, 2);

    /// <summary>From this QEMU on, it can be told how many samples to take.</summary>
    private static readonly Version Sampling = new(6, 1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>How many samples of each GiB this QEMU takes for us.</summary>
    internal static int SamplesOf(Version? version) => version >= Sampling ? MostSamples : 512;

    /// <summary>Measures; returns the rate in MiB/s.</summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="period">50 ms to 60 s; whole seconds before QEMU 8.2.</param>
    /// <param name="version">QEMU's version.</param>
    /// <param name="cancellationToken">Stops waiting; QEMU ends its measurement by itself.</param>
    internal static async Task<long> MeasureDirtyRateAsync(this QmpClient monitor, TimeSpan period, Version? version, CancellationToken cancellationToken)
    {
        var arguments = version >= Milliseconds
            ? new JsonObject { ["calc-time"] = (long)period.TotalMilliseconds, ["calc-time-unit"] = "millisecond" }
            : new JsonObject { ["calc-time"] = (long)period.TotalSeconds };
        if (version >= Sampling)
            arguments["sample-pages"] = SamplesOf(version);
        await monitor.ExecuteAsync("calc-dirty-rate", arguments, cancellationToken).ConfigureAwait(false);
        await Task.Delay(period, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if (await monitor.QueryDirtyRateAsync(cancellationToken).ConfigureAwait(false) is { } rate)
                return rate;
            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The rate in MiB/s that was measured; null while it is being measured.</summary>
    private static async Task<long?> QueryDirtyRateAsync(this QmpClient monitor, CancellationToken cancellationToken)
    {
        var answer = await monitor.ExecuteAsync("query-dirty-rate", null, cancellationToken).ConfigureAwait(false);
        return answer.TryGetProperty("status", out var status) && status.GetString() == "measured" && answer.TryGetProperty("dirty-rate", out var rate)
            ? rate.GetInt64()
            : null;
    }
}
