using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Readiness.Gathering;

/// <summary>VM → what its host says of it.</summary>
internal static class DomainGathering
{
    internal static async Task<DomainSnapshot> GatherAsync(
        LibvirtDomain domain, Inventory inventory, bool allowMonitor, bool blockersOnly, CancellationToken cancellationToken)
    {
        var (host, uuid) = (domain.Host, domain.Uuid);
        var listed = Question.TryAsync(() => inventory.Domains.OfAsync(host, cancellationToken));
        var said = host.AskAsync(uuid, native => DomainWords.Read(native, blockersOnly), cancellationToken);
        var job = host.AskAsync(uuid, native => native.GetJobStatistics(), cancellationToken);
        var lastJob = host.AskIfAsync(domain.Status.State is DomainState.Paused, uuid, native => native.GetJobStatistics(completed: true), cancellationToken);
        var runTime = host.AskIfAsync(domain.Status.State is DomainState.Paused, connection => RunTime(connection, uuid), cancellationToken);
        var dirtyRate = host.AskIfAsync(!blockersOnly, uuid, Written, cancellationToken);
        var monitor = allowMonitor
            ? Question.TryAsync(() => AskQemuAsync(domain, cancellationToken))
            : Task.FromResult(Fact<MonitorAnswers>.Untold("QEMU is queried only with -AllowMonitor, which taints the VM."));
        var disks = domain.Disks.Select(disk => disk.Target).ToArray();
        var blockJobs = host.AskIfAsync<IReadOnlyList<string>>(
            domain.Status.IsActive && disks.Length > 0, uuid, native => [.. disks.Where(disk => native.GetBlockJob(disk) is not null)], cancellationToken);
        var (domains, words) = (await listed.ConfigureAwait(false), await said.ConfigureAwait(false));
        return new DomainSnapshot
        {
            State = domains.IsHad
                ? domains.Value.FirstOrDefault(one => one.Uuid == uuid) is { } now
                    ? Fact<LibvirtDomain>.Had(now)
                    : Fact<LibvirtDomain>.Failed($"{host.Name}: '{domain.Name}' no longer exists.")
                : Fact<LibvirtDomain>.Failed(domains.Reason!),
            Xml = words.Bind(one => one.Xml),
            LiveXml = words.Bind(one => one.LiveXml),
            InactiveXml = words.Bind(one => one.InactiveXml),
            Job = await job.ConfigureAwait(false),
            LastJob = await lastJob.ConfigureAwait(false),
            RunTime = await runTime.ConfigureAwait(false),
            BlockJobs = domain.Status.IsActive && disks.Length > 0 ? await blockJobs.ConfigureAwait(false) : Fact<IReadOnlyList<string>>.Had([]),
            Snapshots = words.Bind(one => one.Snapshots),
            Checkpoints = words.Bind(one => one.Checkpoints),
            ManagedSave = words.Bind(one => one.ManagedSave),
            Taints = words.Bind(one => one.Taints),
            DirtyRate = await dirtyRate.ConfigureAwait(false),
            Monitor = await monitor.ConfigureAwait(false),
        };
    }

    /// <summary>What was measured last; 0 of an idle guest is a measurement, too.</summary>
    internal static Bandwidth? Rate(DirtyRateStatistics statistics) =>
        statistics is { IsMeasured: true, MebibytesPerSecond: { } rate } ? Bandwidth.FromMebibytes(rate) : null;

    private static Bandwidth? Written(NativeDomain native) => Rate(DirtyRateStatistics.Read(native));

    /// <summary>Null where the driver does not tell.</summary>
    private static TimeSpan? RunTime(Connection connection, Guid uuid) => DomainListing.Statistics(
        connection, DomainStatistics.Vcpu, (_, other) => other == uuid, (_, _, statistics) => RunTime(statistics)).FirstOrDefault();

    private static TimeSpan? RunTime(TypedParameterReader statistics)
    {
        long? nanoseconds = null;
        Span<byte> name = stackalloc byte[40];
        for (var vcpu = 0; vcpu < (statistics.Number("vcpu.maximum"u8) ?? 0); vcpu++)
        {
            if (System.Text.Unicode.Utf8.TryWrite(name, $"vcpu.{vcpu}.time", out var written) && statistics.Number(name[..written]) is { } time)
                nanoseconds = (nanoseconds ?? 0) + time;
        }

        return nanoseconds is { } all ? TimeSpan.FromMilliseconds(all / 1_000_000) : null;
    }

    private static async Task<MonitorAnswers> AskQemuAsync(LibvirtDomain domain, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Question.Patience);
        try
        {
            var monitor = await domain.OpenMonitorAsync(cancellationToken: patience.Token).ConfigureAwait(false);
            await using (monitor.ConfigureAwait(false))
            {
                var version = await monitor.QueryVersionAsync(patience.Token).ConfigureAwait(false);
                var blocked = await monitor.QueryBlockedReasonsAsync(patience.Token).ConfigureAwait(false);
                var capabilities = await monitor.QueryMigrationCapabilitiesAsync(patience.Token).ConfigureAwait(false);
                var leftovers = domain.Disks.Count == 0 ? [] : await monitor.QueryCopyLeftoversAsync(patience.Token).ConfigureAwait(false);
                return new MonitorAnswers(version, blocked, [.. capabilities.Select(one => one.Capability)]) { Leftovers = leftovers };
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LiveMigrationException(
                Faults.HostNotAnswering, $"{domain.HostName}: QEMU of '{domain.Name}' does not answer.", domain.HostName);
        }
    }
}
