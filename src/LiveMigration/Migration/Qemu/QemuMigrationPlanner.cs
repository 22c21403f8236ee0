using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;

namespace LiveMigration.Migration.Qemu;

/// <summary>Two QEMUs and options → plan.</summary>
public static class QemuMigrationPlanner
{
    /// <summary>Where QEMU itself and libvirt look for certificates by default.</summary>
    private const string UsualTlsFolder = "/etc/pki/qemu";

    /// <summary>Asks both QEMUs what they are, and plans. Nothing is changed.</summary>
    /// <param name="source">The QEMU that the guest leaves.</param>
    /// <param name="destination">The QEMU that it goes to, started like the source and with <c>-incoming defer</c>.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="tlsFolder">The folder of the certificates on both hosts; null is <c>/etc/pki/qemu</c> where encryption is required.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">One of them does not answer, or something is in the way: the message names all of it.</exception>
    public static Task<QemuMigrationPlan> PlanMigrationAsync(
        this QemuProcess source, QemuProcess destination, MigrationOptions? options = null, string? tlsFolder = null, CancellationToken cancellationToken = default) =>
        source.PlanAsync(destination, options, tlsFolder, refuseDifferences: true, cancellationToken);

    /// <summary>The same, where it may be left to readiness checks whether both were started alike.</summary>
    internal static async Task<QemuMigrationPlan> PlanAsync(
        this QemuProcess source, QemuProcess destination, MigrationOptions? options, string? tlsFolder, bool refuseDifferences, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        options ??= MigrationOptions.Default;
        options.Validate();
        if (source == destination || source.Address == destination.Address)
            throw new LiveMigrationException(Faults.SameHost, $"'{source}' cannot be migrated to itself: {source.Address} is its own monitor.", source.HostName);
        await Task.WhenAll(source.RefreshAsync(cancellationToken), destination.RefreshAsync(cancellationToken)).ConfigureAwait(false);
        if (QemuMigrations.InterruptedOf(source) is { } left)
        {
            throw new LiveMigrationException(
                left.IsInterrupted ? Faults.MigrationInterrupted : Faults.MigrationInProgress,
                $"A migration of '{source}' from {left.Source} to {left.Destination} {(left.IsInterrupted ? "was interrupted" : $"is carried out by process {left.ProcessId}")} ({left.Id}, at {left.Step}){(left.IsInterrupted ? $": end it first, with Resume-VMLiveMigration -Id {left.Id}" : "")}.",
                source.HostName);
        }

        var copies = QemuMigrationRules.Check(source, destination, options, refuseDifferences);
        if (options.Storage.Copy is CopyStorage.Incremental)
            copies = await new QemuBaseEvidence(source, destination, cancellationToken).ProveAsync(copies).ConfigureAwait(false);
        var incoming = (await (await destination.MonitorAsync(cancellationToken).ConfigureAwait(false)).QueryMigrationAsync(cancellationToken).ConfigureAwait(false)).SocketAddress;
        var uri = Uri(source, destination, options, incoming);
        var folder = TlsFolder(options, tlsFolder);
        if (QemuUri.IsOneWay(uri))
            await RequireOneWayAsync(source, destination, uri, folder, incoming, cancellationToken).ConfigureAwait(false);
        var encrypted = folder is not null;
        var notices = new List<string>();
        if (Readable(source, destination, options, uri, encrypted, copies.Count > 0) is { } readable)
            notices.Add(readable);
        return new QemuMigrationPlan
        {
            Source = source,
            Destination = destination,
            Before = source.Facts,
            Options = options,
            Uri = uri,
            IncomingUri = incoming is null or [] ? QemuUri.Incoming(uri, options.ListenAddress) : null,
            TlsFolder = folder,
            SourceCapabilities = QemuSettings.OfSource(source, destination, options, copies.Count > 0),
            DestinationCapabilities = QemuSettings.OfDestination(source, destination, options),
            SourceParameters = QemuSettings.SourceParameters(source, options, encrypted),
            DestinationParameters = QemuSettings.DestinationParameters(destination, options, encrypted),
            Copies = copies,
            Notices = notices,
        };
    }

    /// <summary>Starts a migration and returns at once; the run reports its progress and its result.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="policy">The policy for migrations that do not converge; made for this one migration.</param>
    public static MigrationRun Start(this QemuMigrationPlan plan, Monitoring.Policies.ConvergencePolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Begin(policy, new QemuJournal(plan.Source.Store), how: null, default);
    }

    /// <summary>Ends a migration that another process has begun.</summary>
    internal static MigrationRun Resume(this QemuMigrationPlan plan, QemuResumePlan resumption, QemuJournal journal) =>
        plan.Begin(policy: null, journal, resumption.Action, resumption.Records.History);

    /// <summary>What is in the way of programs and files, beside what the rules find in the options.</summary>
    /// <exception cref="LiveMigrationException">The destination listens already, a folder of certificates was given, or what is needed of the source's host is not known to be so.</exception>
    private static async Task RequireOneWayAsync(
        QemuProcess source, QemuProcess destination, string uri, string? tlsFolder, QmpSocketAddress[]? incoming, CancellationToken cancellationToken)
    {
        if (tlsFolder is not null)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"'{source}' cannot be migrated through exec: or file: with -TlsFolder: QEMU encrypts only what goes to a socket (tcp: or unix:).", source.HostName);
        if (incoming is not (null or []))
            throw new LiveMigrationException(Faults.ContradictingOptions, $"'{source}' cannot be migrated through exec: or file:, as the QEMU at {destination.PlaceBeside(source)} listens at {QemuUri.Of(incoming, destination.HostName) ?? "an address"} already. Start it with -incoming defer.", source.HostName);
        foreach (var outcome in await new QemuHostLook(source, destination, cancellationToken).OneWayAsync(uri).ConfigureAwait(false))
        {
            if (outcome.Kind is not Readiness.OutcomeKind.Holds)
                throw new LiveMigrationException(Faults.NotSupported, $"'{source}' cannot be migrated: {outcome.Evidence}", source.HostName);
        }
    }

    private static MigrationRun Begin(this QemuMigrationPlan plan, Monitoring.Policies.ConvergencePolicy? policy, QemuJournal journal, QemuResumption? how, QemuHistory history)
    {
        // Of each attempt: what an earlier attempt of the same plan has written is another stream.
        if (how is null && QemuUri.IsOneWay(plan.Uri))
            plan = plan with { Nonce = QemuStreamNonce.New(plan.Before, plan.Destination.Facts) };
        var guest = new Hypervisors.MigratingGuest(plan.Source.Name, plan.Source.Uuid, plan.SourceName) { MaxMemory = plan.Source.MaxMemory, Executes = plan.Executes };
        var run = new MigrationRun(guest, plan.DestinationName, plan.Options, MigrationMode.Direct, foreign: false, policy)
        {
            SourceProcess = plan.Source,
            DestinationProcess = plan.Destination,
            Encrypted = plan.TlsFolder is not null,
            History = new(plan.Source.Store),
        };
        foreach (var notice in plan.Notices)
            run.Notice(notice);
        if (how is null)
            run.Predict(plan.DiskBytes);
        var driver = new QemuMigrationDriver(run, plan, journal, how, history);
        var setup = new QemuMigrationSetup(plan, run, journal, how is null ? null : history);
        run.Begin(driver, new MigrationExecutor(run, driver, setup, rejoins: how is QemuResumption.RecoverPostCopy).RunAsync);
        return run;
    }

    /// <summary>The folder of the certificates; null where nothing is encrypted.</summary>
    internal static string? TlsFolder(MigrationOptions options, string? tlsFolder) => tlsFolder ?? (options.Tls is MigrationTls.Required ? UsualTlsFolder : null);

    /// <summary>That what is sent can be read on its way; null where it cannot, or where that is meant.</summary>
    internal static string? Readable(QemuProcess source, QemuProcess destination, MigrationOptions options, string uri, bool encrypted, bool copies)
    {
        var remote = !(source.Address.IsLocal && destination.Address.IsLocal);
        return !encrypted && options.Tls is not MigrationTls.Off && (uri.StartsWith("tcp:", StringComparison.Ordinal) || uri.StartsWith("rdma:", StringComparison.Ordinal) || (remote && copies))
            ? $"'{source}' is migrated unencrypted{(remote && copies ? ", and every host that reaches the destination's port can write to the disks that are copied" : "")}. -TlsFolder names the folder of certificates on both hosts; -Tls Off says that this is meant."
            : null;
    }

    /// <summary>Where the source sends: as asked for, where the destination listens already, or, on one machine, a socket beside the destination's monitor.</summary>
    internal static string Uri(QemuProcess source, QemuProcess destination, MigrationOptions options, QmpSocketAddress[]? incoming)
    {
        if (options.MigrationUri is { } asked)
            return QemuUri.Read(asked);
        if (QemuUri.Of(incoming, destination.HostName) is { } listening)
            return listening;
        return source.Address.IsLocal && destination.Address.IsLocal
            ? $"unix:{destination.Address.Path}.migration"
            : $"tcp:{QemuUri.Bracketed(destination.HostName)}:0";
    }
}
