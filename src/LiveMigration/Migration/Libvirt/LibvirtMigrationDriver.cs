using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors;
using LiveMigration.Interop.Libvirt;
using LiveMigration.Planning;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.Migration.Libvirt;

/// <summary>A migration between two libvirt hosts: a plan of ours, or, without one, a migration that another tool started.</summary>
internal sealed class LibvirtMigrationDriver(MigrationRun run, MigrationPlan? plan = null) : IMigrationDriver
{
    /// <summary>What may wait in a socket's buffers: who is refused after the handshake can write until the peer hangs up.</summary>
    private const long SocketBuffers = 8 << 20;

    private static readonly HashSet<Fault> CannotConnect =
    [
        Faults.DestinationUnreachableFromSource, Faults.HostNotFound, Faults.HostUnreachable, Faults.HostKeyRejected,
        Faults.AuthenticationFailed, Faults.CertificateRejected, Faults.ConnectionLost, Faults.UriInvalid,
    ];

    private readonly LibvirtDomain _domain = run.Domain ?? throw new ArgumentException("The run is of no libvirt domain.", nameof(run));
    private readonly LibvirtSignals _signals = new(run.Uuid);
    private IDisposable? _listening;
    private DestinationReadiness? _readiness;
    private MigrationCall? _call;

    public ChannelReader<MigrationSignal> Signals => _signals.Reader;

    public Task PeerLost => _call?.DestinationLost ?? MigrationCall.NeverLost;

    public bool IsDestinationReady => _readiness is { HasBegun: true };

    private LibvirtHost Source => _domain.Host;

    private MigrationPlan Plan => plan ?? throw new InvalidOperationException("A migration that another tool started is only watched.");

    public async Task OpenAsync()
    {
        _ = await Source.ControlAsync(CancellationToken.None).ConfigureAwait(false);
        _listening = Source.Events.Listen(_signals);
    }

    public async Task<Task<DriverFailure?>> BeginAsync(bool rejoin, CancellationToken stop)
    {
        var attempt = rejoin && !Plan.Flags.HasFlag(MigrateFlags.PostCopyResume) ? MigrationPlanner.ForResume(Plan) : Plan;
        if (UnencryptedWarning.Of(attempt) is { } warning)
            run.Notice(warning);
        Tracer.Say($"'{run.Name}': calling libvirt's migration ({run.Mode}{(run.Mode is MigrationMode.PeerToPeer ? $" to {attempt.PeerUri}" : "")}) with {attempt.Flags}.");
        _readiness?.Dispose();
        _readiness = attempt.Options.Offline ? null : await DestinationReadiness.WatchAsync(attempt, CancellationToken.None).ConfigureAwait(false);
        _call = await MigrationCall.StartAsync(attempt, run.Mode, stop).ConfigureAwait(false);
        return EndAsync(_call, outlivesUs: run.Mode is MigrationMode.PeerToPeer && !attempt.Options.Offline);
    }

    /// <summary>
    /// Before a byte was sent, an error is of QEMU's certificates, or, from the source's daemon and in connecting, of its way to
    /// the destination's daemon, not of ours.
    /// </summary>
    public async Task<DriverFailure> ExplainAsync(DriverFailure failure, MigrationStatistics? last)
    {
        if (failure.Error is not LibvirtException error)
            return failure;
        var arrived = last is { Transferred: > SocketBuffers } or { Iteration: > 1 };
        if (Plan.Encrypted && _readiness is { } readiness && !arrived && await TlsFailure.ExplainAsync(Plan, error, readiness).ConfigureAwait(false) is { } tls)
            return new DriverFailure(tls);
        return run.Mode is MigrationMode.PeerToPeer && last is not { HasBegun: true } && CannotConnect.Contains(error.Fault)
            ? new DriverFailure(new LiveMigrationException(
                Faults.DestinationUnreachableFromSource,
                $"{Source.Name} cannot connect to {Plan.Destination.Name} at {Plan.PeerUri}: {error.LibvirtMessage.TrimEnd('.')}.",
                Source.Name,
                error))
            : failure;
    }

    public async Task<string?> FallBackAsync(DriverFailure failure, MigrationStatistics? last)
    {
        var error = failure.Error;
        // A daemon that speaks another language than ours is not understood: what it cannot do may be that it does not reach the other.
        if ((error.Fault == Faults.DestinationUnreachableFromSource || (error.Fault == Faults.LibvirtFailed && last is not { HasBegun: true }))
            && Plan.MayFallBack && run.Mode is MigrationMode.PeerToPeer)
        {
            run.Mode = MigrationMode.Direct;
            return $"{error.Message} Nothing has been started yet: this client controls the migration instead and must keep running until it ends.";
        }

        if (error.Fault == Faults.TlsNotSetUp && Plan.MayGoUnencrypted)
        {
            plan = MigrationPlanner.Unencrypted(Plan);
            run.Encrypted = false;
            return $"{error.Message} Nothing has been started yet: '{run.Name}' is migrated unencrypted instead.";
        }

        if (error.Fault == Faults.SourceNotResolving && Plan.Options is { MigrationUri: null, Offline: false } && await AddressAsync().ConfigureAwait(false) is { } address)
        {
            var info = await Plan.Destination.GetInfoAsync(CancellationToken.None).ConfigureAwait(false);
            plan = MigrationPlanner.SentTo(Plan, address, info.MachineName);
            return $"{error.Message} Nothing has been sent yet: '{run.Name}' is sent to {address}, where {Plan.Destination.Name}'s daemon is reached, instead.";
        }

        return null;
    }

    public async Task<bool?> IsUnderWayAsync()
    {
        try
        {
            return await Source.CallAsync(_domain.Uuid, IsOnItsWay, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.OperationInvalid)
        {
            return false;
        }
        catch (LiveMigrationException)
        {
            return null;
        }
        catch (ObjectDisposedException)
        {
            return false; // The host was disconnected by the user: nothing more can be asked.
        }

        // The job of a post-copy that broke stays, and stands still.
        static bool IsOnItsWay(NativeDomain native)
        {
            var (state, reason) = native.GetState();
            return native.GetJobStatistics() is { IsMigration: true, IsActive: true } && !new DomainStatus((DomainState)state, reason).IsPostCopyFailed;
        }
    }

    public async Task<MigrationStatistics?> QueryAsync()
    {
        try
        {
            var job = await Source.CallAsync(_domain.Uuid, native => native.GetJobStatistics(), CancellationToken.None).ConfigureAwait(false);
            return job is { IsMigration: true, IsActive: true } ? LibvirtStatistics.Of(job) : null;
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
        {
            return null; // Silence is counted; the call itself says what went wrong.
        }
    }

    public Task<IReadOnlyDictionary<string, bool>> QueryMirrorsAsync() =>
        Source.CallAsync(_domain.Uuid, native => DiskMirrors.Read(native, _domain), CancellationToken.None);

    public Task<GuestPresence> LookAsync(Side side, CancellationToken cancellationToken = default) =>
        (side is Side.Source ? Source : run.DestinationHost) is { } host
            ? LibvirtPresence.AskAsync(host, _domain.Uuid, cancellationToken)
            : Task.FromResult(GuestPresence.Unreachable);

    public Task AbortAsync() => Source.CallAsync(_domain.Uuid, native => native.AbortJob(), CancellationToken.None);

    public Task StartPostCopyAsync(CancellationToken cancellationToken = default) => Source.CallAsync(_domain.Uuid, native => native.StartPostCopy(), cancellationToken);

    public async Task PausePostCopyAsync(CancellationToken cancellationToken = default)
    {
        if (run.DestinationHost is null)
            throw new LiveMigrationException(Faults.CannotPausePostCopy, $"The destination of '{run.Name}' is unknown, and so is whether it runs there.", run.Source);
        // Its state alone: more is not to be asked of a domain that arrives.
        var there = await LookAsync(Side.Destination, cancellationToken).ConfigureAwait(false);
        if (there is not { IsExecuting: true, IsPostCopy: true })
            throw new LiveMigrationException(Faults.CannotPausePostCopy, $"{run.Destination} reports '{run.Name}' as: {there}. Until it runs there in post-copy, pausing would lose it.", run.Destination);
        await Source.CallAsync(_domain.Uuid, native => native.PausePostCopy(), cancellationToken).ConfigureAwait(false);
    }

    public Task SuspendAsync() =>
        Source.OrderAsync(_domain.Uuid, native => native.Suspend(), native => native.Resume(), CancellationToken.None);

    public Task SetBandwidthAsync(Bandwidth total) => _domain.SetMigrationBandwidthAsync(total);

    public Task SetDowntimeAsync(Duration limit) => _domain.SetMigrationDowntimeAsync(limit);

    public ValueTask DisposeAsync()
    {
        _listening?.Dispose();
        _readiness?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<DriverFailure?> EndAsync(MigrationCall call, bool outlivesUs)
    {
        using (call)
        {
            return await call.Ended.ConfigureAwait(false) is { } error
                ? new DriverFailure(error, LostTouch: outlivesUs && !await call.HasSourceAsync(error).ConfigureAwait(false))
                : null;
        }
    }

    /// <summary>Where the destination's daemon is reached: by its peer as that was told, by this client as it resolves the name. Null where that is a socket.</summary>
    private async Task<string?> AddressAsync()
    {
        if (run.Mode is MigrationMode.PeerToPeer && Plan.PeerUri is { } peer)
            return HostUri.Parse(peer).Host is { Length: > 0 } host ? host : null;
        if (Plan.Destination.Uri.IsLocal)
            return null;
        try
        {
            var found = await Dns.GetHostAddressesAsync(Plan.Destination.Uri.Host.Trim('[', ']')).ConfigureAwait(false);
            return found.FirstOrDefault(address => !IPAddress.IsLoopback(address)) is { } first ? first.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{first}]" : $"{first}" : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
