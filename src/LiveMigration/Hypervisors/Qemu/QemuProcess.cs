using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Posix;
using LiveMigration.Interop.Qmp;
using LiveMigration.State;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.Hypervisors.Qemu;

/// <summary>A QEMU that runs without libvirt, reached through a monitor of its own (QMP). A lost connection is made again when it is next needed.</summary>
public sealed class QemuProcess : IAsyncDisposable
{
    private readonly QmpOptions _options;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private QmpClient? _monitor;
    private IAsyncDisposable? _way;
    private LocalProcess? _process;
    private bool _saidGoodbye;
    private bool _disposed;

    /// <summary>The guest that it must have, where it was known before; and whether it has ended then: who is at its place now is another one.</summary>
    private (Guid Uuid, bool Ended)? _known;

    /// <summary>One that was not asked yet.</summary>
    internal QemuProcess(QemuAddress address, string? name, QmpOptions options, StateStore? state = null)
    {
        (Address, Name, _options) = (address, name ?? "", options);
        Store = state ?? new StateStore(StateStore.UserFolder);
        Facts = new QemuFacts();
    }

    /// <summary>What it is called: as it was connected, its guest's name (<c>-name</c>), or else its monitor.</summary>
    public string Name { get; private set; }

    /// <summary>Where its monitor is.</summary>
    public QemuAddress Address { get; }

    /// <summary>The host where it runs; <c>localhost</c> for a monitor on this machine.</summary>
    public string HostName => Address.HostName;

    /// <summary>Whether its monitor is connected.</summary>
    public bool IsConnected => _monitor is { IsConnected: true };

    /// <summary>QEMU's version.</summary>
    public Version? QemuVersion => Facts.Version;

    /// <summary>The guest's UUID; all zero when QEMU was given none.</summary>
    public Guid Uuid => Facts.Uuid;

    /// <summary>QEMU's run state when it was last asked: <c>running</c>, <c>paused</c>, <c>inmigrate</c>, <c>postmigrate</c>, ….</summary>
    public string State => Facts.State;

    /// <summary>How its migration stood when it was last asked: <c>active</c>, <c>completed</c>, …; null when there had been none.</summary>
    public string? Migration => Facts.Migration;

    /// <summary>The machine type with its version, for example <c>pc-q35-7.2</c>.</summary>
    public string? Machine => Facts.Machine;

    /// <summary>What runs the CPUs: <c>kvm</c> or <c>tcg</c>.</summary>
    public string Accelerator => Facts.IsKvm ? "kvm" : "tcg";

    /// <summary>CPUs that the guest was started with; null where QEMU does not say.</summary>
    public int? Cpus => Facts.Cpus;

    /// <summary>CPUs that it can have at most; null where QEMU does not say.</summary>
    public int? MaxCpus => Facts.MaxCpus;

    /// <summary>Memory that it was started with, in bytes; null where QEMU does not say.</summary>
    public long? Memory => Facts.Memory;

    /// <summary>Memory that it can have at most, in bytes; null where QEMU does not say.</summary>
    public long? MaxMemory => Facts.MaxMemory;

    /// <summary>Its drives with a medium in them.</summary>
    public IReadOnlyList<QemuDisk> Disks => Facts.Disks;

    /// <summary>What blocks a migration of it, in QEMU's words (QEMU 6.0).</summary>
    public IReadOnlyList<string> Blockers => Facts.Blockers;

    /// <summary>Where what is done with it is written down.</summary>
    internal StateStore Store { get; }

    /// <summary>The images that were made for it when it was started here.</summary>
    internal IReadOnlyList<string> MadeImages { get; set; } = [];

    /// <summary>What it said of itself when it was last asked.</summary>
    internal QemuFacts Facts { get; private set; }

    /// <summary>What to call its place in messages: its host, or its monitor where another one of this machine is meant as well.</summary>
    internal string PlaceBeside(QemuProcess other) => HostName == other.HostName ? Address.Text : HostName;

    /// <summary>Connects to a QEMU and asks what it is.</summary>
    /// <param name="address">Where its monitor is.</param>
    /// <param name="name">What to call it; null is its guest's name.</param>
    /// <param name="options">How to connect.</param>
    /// <param name="state">Where what is done with it is written down, so that another process can end it; null is the user's (<see cref="StateStore.UserFolder"/>).</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">Nothing listens there, or not in QMP, or another client has the monitor.</exception>
    public static async Task<QemuProcess> ConnectAsync(
        QemuAddress address, string? name = null, QmpOptions? options = null, StateStore? state = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        var process = new QemuProcess(address, name, options ?? QmpOptions.Default, state);
        try
        {
            await process.RefreshAsync(cancellationToken).ConfigureAwait(false);
            return process;
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>One that was known before, by this process or another, and is connected when it is next needed.</summary>
    /// <param name="address">Where its monitor is.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="uuid">The guest's UUID.</param>
    /// <param name="process">Its process; null where that is not known.</param>
    /// <param name="ended">Whether it is known to have ended.</param>
    /// <param name="state">Where what is done with it is written down.</param>
    internal static QemuProcess Known(QemuAddress address, string name, Guid uuid, LocalProcess? process, bool ended, StateStore state) =>
        new(address, name, QmpOptions.Default, state) { Facts = new QemuFacts { Uuid = uuid }, _process = process, _saidGoodbye = ended, _known = (uuid, ended) };

    /// <summary>Asks it again what it is and does.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It does not answer.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        var monitor = await MonitorAsync(cancellationToken).ConfigureAwait(false);
        Facts = await QemuFacts.AskAsync(monitor, cancellationToken).ConfigureAwait(false);
        if (Name.Length == 0)
            Name = Facts.Name ?? (Address.Path is { } path ? Path.GetFileNameWithoutExtension(path) : Address.Text);
    }

    /// <summary>Its monitor, connected again where that was lost.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It cannot be connected.</exception>
    /// <exception cref="ObjectDisposedException">It was disconnected.</exception>
    public async Task<QmpClient> MonitorAsync(CancellationToken cancellationToken = default)
    {
        if (_monitor is { IsConnected: true } connected)
            return connected;
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_monitor is { IsConnected: true } meanwhile)
                return meanwhile;
            await CloseAsync().ConfigureAwait(false);
            if (_known is { Ended: true })
                throw new LiveMigrationException(Faults.MonitorLost, $"{Address}: QEMU has ended.", Address.Text);
            var (monitor, way) = await Address.ConnectAsync(_options, cancellationToken).ConfigureAwait(false);
            try
            {
                if (await StrangerAsync(monitor, cancellationToken).ConfigureAwait(false) is { } stranger)
                    throw new LiveMigrationException(Faults.MonitorLost, $"{Address}: {stranger}", Address.Text);
            }
            catch
            {
                await monitor.DisposeAsync().ConfigureAwait(false);
                if (way is not null)
                    await way.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            (_monitor, _way, _process) = (monitor, way, Qemu(monitor.Listener) ?? _process);
            Tracer.Say($"Connected to {Address}: QEMU {monitor.QemuVersion}{(monitor.SupportsOutOfBand ? ", out of band" : "")}.");
            return monitor;
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Whether its process is known to have ended. Where that cannot be known it is false: a monitor that is silent proves nothing.</summary>
    public bool HasEnded => _saidGoodbye || _process is { HasEnded: true };

    /// <summary>Its process; null where that is not known, or on another machine.</summary>
    internal LocalProcess? Process => _process;

    /// <summary>It said that it shuts down, and closed its monitor.</summary>
    internal void SaidGoodbye() => _saidGoodbye = true;

    /// <summary>Removes the images that were made for it; it must have ended.</summary>
    internal async Task RemoveMadeImagesAsync()
    {
        if (MadeImages.Count == 0)
            return;
        var shell = HostShell.AsUser(HostName, Address.Host ?? HostUri.Parse("qemu:///system"));
        await shell.RunAsync($"rm -f -- {string.Join(' ', MadeImages.Select(QemuLaunch.Quoted))}\n", CancellationToken.None).ConfigureAwait(false);
        MadeImages = [];
    }

    /// <summary>Closes its monitor; QEMU runs on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connecting.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>What it is called.</summary>
    public override string ToString() => Name;

    /// <summary>Says that it is another one than before; null where it is not, as far as can be seen.</summary>
    private async Task<string?> StrangerAsync(QmpClient monitor, CancellationToken cancellationToken)
    {
        if (_process is { } before && Qemu(monitor.Listener) is { } now && now != before)
            return "another QEMU listens there now.";
        return _known is { Uuid: var uuid } && uuid != Guid.Empty && await monitor.QueryUuidAsync(cancellationToken).ConfigureAwait(false) is var answered && answered != uuid
            ? $"another VM ({answered}) is there now."
            : null;
    }

    /// <summary>Who listens, if that is QEMU: a program that made the socket and handed it to QEMU may end before it.</summary>
    private static LocalProcess? Qemu(LocalProcess? listener) =>
        listener?.Program is { } program && Path.GetFileName(program).Contains("qemu", StringComparison.OrdinalIgnoreCase) ? listener : null;

    private async Task CloseAsync()
    {
        if (_monitor is { } monitor)
            await monitor.DisposeAsync().ConfigureAwait(false);
        if (_way is { } way)
            await way.DisposeAsync().ConfigureAwait(false);
        (_monitor, _way) = (null, null);
    }
}
