using System.Diagnostics;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Hypervisors.Qemu.Comparison;
using LiveMigration.Interop.Qmp;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Qemu;
using LiveMigration.Storage;
using LiveMigration.Tracing;

namespace LiveMigration.Migration.Qemu;

/// <summary>Two QEMUs without libvirt → readiness. Nothing is changed.</summary>
public sealed class QemuReadinessAudit
{
    private readonly ReadinessPolicy _policy;
    private readonly ReadinessSelection _selection;
    private readonly TimeProvider _clock;

    /// <summary>Begins an audit.</summary>
    /// <param name="policy">The readiness policy of the site.</param>
    /// <param name="selection">Which checks.</param>
    /// <param name="clock">What day it is.</param>
    public QemuReadinessAudit(ReadinessPolicy? policy = null, ReadinessSelection? selection = null, TimeProvider? clock = null) =>
        (_policy, _selection, _clock) = (policy ?? ReadinessPolicy.Default, selection ?? ReadinessSelection.All, clock ?? TimeProvider.System);

    /// <summary>Asks both QEMUs and evaluates the checks.</summary>
    /// <param name="source">The QEMU that the guest leaves.</param>
    /// <param name="destination">The QEMU that it goes to.</param>
    /// <param name="options">The options.</param>
    /// <param name="tlsFolder">The folder of the certificates on both hosts.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Errors.LiveMigrationException">One of them does not answer.</exception>
    public async Task<ReadinessReport> TestAsync(
        QemuProcess source, QemuProcess destination, MigrationOptions? options = null, string? tlsFolder = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        options ??= MigrationOptions.Default;
        using var span = Tracer.Begin("readiness", source.HostName);
        var (when, start) = (_clock.GetLocalNow(), Stopwatch.StartNew());
        QemuCheck[] wanted = [.. ReadinessChecks.OfQemu.Where(_selection.Wants)];
        var facts = wanted.Length == 0 ? null : await GatherAsync(wanted, source, destination, options, tlsFolder, cancellationToken).ConfigureAwait(false);
        var today = DateOnly.FromDateTime(when.DateTime);
        var report = new ReadinessReport
        {
            SourceProcess = source,
            DestinationProcess = destination,
            Findings =
            [
                .. wanted.SelectMany(check => check.Run(facts!, _policy.SeverityOf(check.Id)))
                    .Select(finding => _policy.Apply(finding, source.Name, destination.PlaceBeside(source), today)),
            ],
            When = when,
            Took = start.Elapsed,
        };
        Tracer.Say($"Checked readiness: {report}: {report.Passed.Count} passed, {report.Warnings.Count} warnings, {report.Failed.Count} failed, {report.Unknown.Count} unknown ({new Units.Duration(report.Took)}).");
        return report;
    }

    /// <summary>Plans a migration, and checks its readiness. What failed ends it here.</summary>
    /// <param name="source">The QEMU that the guest leaves.</param>
    /// <param name="destination">The QEMU that it goes to.</param>
    /// <param name="options">The options.</param>
    /// <param name="tlsFolder">The folder of the certificates on both hosts.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Errors.LiveMigrationException">It cannot be done, or is not ready, and why.</exception>
    public async Task<QemuMigrationPlan> PlanAsync(
        QemuProcess source, QemuProcess destination, MigrationOptions? options = null, string? tlsFolder = null, CancellationToken cancellationToken = default)
    {
        // What the plan refuses, it refuses more exactly; whether they were started alike is for the checks to say.
        var plan = await source.PlanAsync(destination, options, tlsFolder, refuseDifferences: false, cancellationToken).ConfigureAwait(false);
        var report = await TestAsync(source, destination, options, tlsFolder, cancellationToken).ConfigureAwait(false);
        if (report.ToException() is { } refusal)
            throw refusal;
        return report.IsReady ? plan : plan with
        {
            Notices = [.. plan.Notices, .. report.Blockers.Select(finding => $"{finding.Id} could not be evaluated ({finding.Title}): {finding.Evidence}")],
        };
    }

    /// <summary>Asks for what the checks judge, and no more.</summary>
    private static async Task<QemuReadinessFacts> GatherAsync(QemuCheck[] wanted, QemuProcess source, QemuProcess destination, MigrationOptions options, string? tlsFolder, CancellationToken cancellationToken)
    {
        IReadOnlyList<QemuDifference> compared = [];
        if (wanted.Any(check => check is QemuStartedAlike or QemuNoDangerousDifference))
            compared = await source.CompareAsync(destination, cancellationToken).ConfigureAwait(false);
        else
            await Task.WhenAll(source.RefreshAsync(cancellationToken), destination.RefreshAsync(cancellationToken)).ConfigureAwait(false);
        var copies = new List<QemuDiskCopy>();
        var refusals = QemuMigrationRules.Find(source, destination, options, copies);
        var incoming = (await (await destination.MonitorAsync(cancellationToken).ConfigureAwait(false)).QueryMigrationAsync(cancellationToken).ConfigureAwait(false)).SocketAddress;
        var uri = QemuMigrationPlanner.Uri(source, destination, options, incoming);
        var folder = QemuMigrationPlanner.TlsFolder(options, tlsFolder);
        var look = new QemuHostLook(source, destination, cancellationToken);
        return new QemuReadinessFacts
        {
            Compared = compared,
            Refusals = refusals,
            Address = wanted.Any(check => check is QemuAddressFree) ? await look.AddressAsync(uri, options.ListenAddress, listens: incoming is { Length: > 0 }).ConfigureAwait(false) : [],
            Certificates = wanted.Any(check => check is QemuCertificatesThere) ? await look.CertificatesAsync(folder).ConfigureAwait(false) : [],
            Space = options.Storage.AllowOvercommit ? [Outcome.Skip("-AllowStorageOvercommit.")] : wanted.Any(check => check is QemuSpaceEnough) ? await look.SpaceAsync(copies, options.Storage.Copy is CopyStorage.Incremental).ConfigureAwait(false) : [],
            Readable = QemuMigrationPlanner.Readable(source, destination, options, uri, folder is not null, copies.Count > 0),
        };
    }
}
