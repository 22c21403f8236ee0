using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Tracing;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>One restore: the state is read to its end first, and only what is whole goes to QEMU, which takes half of it for all in the one or other place.</summary>
internal sealed class QemuStateRestorer(QemuProcess twin, StateRestoring options, Action<StateProgress> report)
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(20);

    /// <summary>From this QEMU on, a failure to load does not have to end it, and it can be asked why.</summary>
    private static readonly Version StaysOnError = new(9, 1);

    private readonly StateHost _host = new(twin);
    private QemuSavingSettings? _settings;
    private bool _isSent;
    private bool _isLoaded;
    private string? _runs;

    private string Title => options.Path is { } path ? $"'{path}'" : "The state that the command gives";

    /// <summary>Reads the state, and looks whether it fits. Nothing is changed.</summary>
    internal async Task<StateRestorePlan> PlanAsync(CancellationToken stop)
    {
        await twin.RefreshAsync(stop).ConfigureAwait(false);
        QemuSavingRules.CheckTwin(twin);
        foreach (var file in new[] { options.Path, options.KeyFile }.OfType<string>())
        {
            if (!await _host.IsReadableAsync(file, stop).ConfigureAwait(false))
                throw new LiveMigrationException(file == options.Path ? Faults.StreamNotReadable : Faults.StateKeyUnusable, $"'{file}' on {twin.HostName} is no file that can be read.", twin.HostName);
        }

        var notices = new List<string>();
        var saved = await SidecarAsync(notices, stop).ConfigureAwait(false);
        var encoding = await RecognizeAsync(stop).ConfigureAwait(false);
        var total = saved?.StreamLength;
        report(new(StateStep.Verifying, 0, total));
        var identity = options.Path is null ? null : await _host.IdentityAsync(options.Path, stop).ConfigureAwait(false);
        var (stream, hash) = await _host.ReadAsync(options.Path, Title, encoding, done => report(new(StateStep.Verifying, done, total)), stop).ConfigureAwait(false);
        if (saved is not null && hash != saved.Sha256)
        {
            throw new LiveMigrationException(
                Faults.StateDamaged, $"{Title} on {twin.HostName} is not the file that was saved: its SHA-256 is {hash}, and that of the state of '{saved.Name}' was {saved.Sha256}, as {new StatePlace(options.Path).Sidecar} says.", twin.HostName);
        }

        if (!stream.Capabilities.Contains(QemuSavingRules.MappedRam))
            await _host.CheckSpawningAsync(stop).ConfigureAwait(false);
        var architecture = await (await twin.MonitorAsync(stop).ConfigureAwait(false)).QueryArchitectureAsync(stop).ConfigureAwait(false);
        RestoreRules.Check(stream, RestoreRules.Twin.Of(twin, architecture), Title, twin.HostName);
        if (saved is not null && saved.Uuid != twin.Uuid)
            notices.Add($"{Title} is of the UUID {saved.Uuid}, and '{twin}' was started with {twin.Uuid}.");
        var runs = RestoreRules.Runs(saved, SavedRunState.Of(stream), options.Paused);
        var found = await LookAtDisksAsync(saved, stop).ConfigureAwait(false);
        RestoreRules.CheckDisks(found, runs, Title, twin.HostName);
        notices.AddRange(found.Select(finding => finding.Text));
        var plan = new StateRestorePlan(encoding)
        {
            Twin = twin, Options = options, Stream = stream, Saved = saved, Notices = notices, Runs = runs, Sha256 = hash, Identity = identity,
        };
        if (plan.IsMapped && (options.Path is null || encoding != new StateEncoding() || options.Path.Contains(",offset=", StringComparison.Ordinal)))
            throw new LiveMigrationException(Faults.NotSupported, $"{Title} has a place for each page (mapped-ram): QEMU has to read that file itself, neither compressed nor encrypted nor through a command.", twin.HostName);
        return plan;
    }

    /// <summary>Has QEMU load it, and run the guest. What fails leaves the file as it is, and says what became of QEMU.</summary>
    internal async Task RunAsync(StateRestorePlan plan, CancellationToken stop)
    {
        var folder = await _host.PrepareLoadAsync(stop).ConfigureAwait(false);
        try
        {
            // It was read, and the user asked, meanwhile: somebody else may have used it.
            await twin.RefreshAsync(stop).ConfigureAwait(false);
            QemuSavingRules.CheckTwin(twin);
            var monitor = await twin.MonitorAsync(stop).ConfigureAwait(false);
            List<string> wanted = [.. plan.Stream.Capabilities, "late-block-activate"];
            _settings = QemuSavingSettings.Of(twin.Facts, wanted, bandwidth: null);
            await _settings.SetAsync(monitor, stop).ConfigureAwait(false);
            // Started without -S it would run as soon as it has all, before anybody has looked at it.
            await monitor.StopAsync(stop).ConfigureAwait(false);
            Tracer.Say($"'{twin}': loading {Title}.");
            report(new(StateStep.Loading));
            await SendAsync(plan, folder, monitor, stop).ConfigureAwait(false);
            await LoadedAsync(stop).ConfigureAwait(false);
            await CheckLoadedAsync(plan, folder, stop).ConfigureAwait(false);
            _isLoaded = true;
            await StartAsync(plan).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            var known = error as LiveMigrationException;
            var now = _isLoaded ? _runs ?? $" '{twin}' at {twin.Address} holds the VM, which does not run: continue it with Invoke-QmpCommand cont -Name {twin.Address}, or end it."
                : _isSent ? await EndAsync().ConfigureAwait(false) : await BackAsync().ConfigureAwait(false);
            throw new LiveMigrationException(
                known is null ? error is OperationCanceledException ? Faults.Stopped : Faults.MonitorClosed : known is QmpException && !_isLoaded ? Faults.StateNotRestored : known.Fault,
                $"{known?.Message ?? $"The restore of {Title} was stopped."}{now}", twin.HostName, error);
        }
        finally
        {
            await DiscardAsync(folder).ConfigureAwait(false);
        }
    }

    /// <summary>Has QEMU begin to load it. Refused, it has begun nothing of ours.</summary>
    private async Task SendAsync(StateRestorePlan plan, string folder, QmpClient monitor, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            _isSent = true;
            await monitor.MigrateIncomingAsync(
                plan.IsMapped ? $"file:{options.Path}" : $"exec:{new StatePlace(options.Path).Load(folder, plan.Encoding)}", monitor.QemuVersion >= StaysOnError ? false : null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (QmpException)
        {
            _isSent = false;
            throw;
        }
    }

    /// <summary>What QEMU has loaded has to be what was read before: the file may have been replaced meanwhile.</summary>
    private async Task CheckLoadedAsync(StateRestorePlan plan, string folder, CancellationToken stop)
    {
        if (plan.IsMapped)
        {
            if (await _host.IdentityAsync(options.Path!, stop).ConfigureAwait(false) != plan.Identity)
                throw NotRestored("the file was changed or replaced after it had been read");
            return;
        }

        var end = await _host.AwaitAsync(folder, stop).ConfigureAwait(false);
        if (end.ReadingComplaint is { } complaint)
            throw NotRestored(complaint);
        if (end.Sha256 != plan.Sha256)
            throw NotRestored($"QEMU was sent something else than what had been read before (SHA-256 {end.Sha256}, {plan.Sha256})");
    }

    private async Task<SavedState?> SidecarAsync(List<string> notices, CancellationToken stop)
    {
        if (options.Path is not { } path)
            return null;
        var place = new StatePlace(path);
        if (await _host.SidecarAsync(place, stop).ConfigureAwait(false) is not { } bytes)
        {
            notices.Add($"There is no {place.Sidecar}, which Save-VMState writes beside a state: whether the file is the one that was saved is not known. It was read to its end.");
            return null;
        }

        var (saved, problem) = StateSidecar.Read(bytes, path, twin.HostName);
        return saved ?? throw new LiveMigrationException(Faults.StateDamaged, $"{place.Sidecar} on {twin.HostName} {problem}. Restore it from a copy; without that file the state is restored as far as it can be checked by itself.", twin.HostName);
    }

    /// <summary>Takes off one layer after the other, by its mark.</summary>
    private async Task<StateEncoding> RecognizeAsync(CancellationToken stop)
    {
        var encoding = new StateEncoding { ReadCommand = options.Command, KeyFile = null };
        while (true)
        {
            var start = await _host.HeadAsync(options.Path, encoding, stop).ConfigureAwait(false);
            switch (StateLayers.Recognize(start))
            {
                case StateLayer.Age when encoding is { Encryption: StateEncryption.None, Compression: StateCompression.None } && options.KeyFile is null:
                    throw new LiveMigrationException(Faults.StateKeyUnusable, $"{Title} on {twin.HostName} is encrypted with age: -KeyFile names the identity.", twin.HostName);
                case var layer and (StateLayer.Age or StateLayer.Gpg) when encoding is { Encryption: StateEncryption.None, Compression: StateCompression.None }:
                    encoding = encoding with { Encryption = layer is StateLayer.Age ? StateEncryption.Age : StateEncryption.Gpg, KeyFile = options.KeyFile };
                    break;
                case var layer and (StateLayer.Gzip or StateLayer.Zstd) when encoding.Compression is StateCompression.None:
                    encoding = encoding with { Compression = layer is StateLayer.Gzip ? StateCompression.Gzip : StateCompression.Zstd };
                    break;
                case StateLayer.Libvirt:
                    throw new LiveMigrationException(Faults.StreamNotRecognized, $"{Title} on {twin.HostName} was saved by libvirt, and is restored by it: virsh restore.", twin.HostName);
                default:
                    return encoding; // The stream; or what nobody can read, which its reader says best.
            }
        }
    }

    private async Task<IReadOnlyList<RestoreRules.DiskFinding>> LookAtDisksAsync(SavedState? saved, CancellationToken stop)
    {
        var disks = await _host.DisksAsync(stop).ConfigureAwait(false);
        var found = RestoreRules.OfDisks(saved, disks).ToList();
        foreach (var disk in disks)
        {
            var (holders, areAll) = await _host.HoldersAsync(disk.File, stop).ConfigureAwait(false);
            if (holders.Count > 0)
                found.Add(new($"{disk}: {disk.File} is open in another process ({string.Join(", ", holders)}), too. If that is the VM that was saved, end it first: there must not be two of it.", IsDanger: true));
            else if (!areAll)
                found.Add(new($"{disk}: whether {disk.File} is open in another process is not known: not all processes of {twin.HostName} could be looked at.", IsDanger: false));
        }

        return found;
    }

    /// <summary>Waits until QEMU has all.</summary>
    private async Task LoadedAsync(CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                var monitor = await twin.MonitorAsync(stop).ConfigureAwait(false);
                var migration = await monitor.QueryMigrationAsync(stop).ConfigureAwait(false);
                var status = await monitor.QueryStatusAsync(stop).ConfigureAwait(false);
                if (migration.Status is "failed")
                    throw NotRestored(migration.ErrorDesc?.TrimEnd('.') ?? "QEMU does not say why");
                if (status.Status is not "inmigrate")
                    return;
            }
            catch (LiveMigrationException error) when (error is not QmpException && error.Fault != Faults.StateNotRestored && (twin.HasEnded || error.Fault == Faults.MonitorLost || error.Fault == Faults.MonitorUnreachable))
            {
                throw NotRestored("QEMU ended while it loaded it");
            }

            await Task.Delay(50, stop).ConfigureAwait(false);
        }
    }

    private async Task StartAsync(StateRestorePlan plan)
    {
        var monitor = await twin.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
        if (plan.Runs)
        {
            _runs = $" Whether the VM in '{twin}' at {twin.Address} runs is not known: look with Get-QemuProcess {twin.Address}.";
            try
            {
                await monitor.ContinueAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (QmpException)
            {
                _runs = null;
                throw;
            }

            if (await monitor.QueryStatusAsync(CancellationToken.None).ConfigureAwait(false) is { Running: false } status)
            {
                _runs = null;
                throw NotRestored($"QEMU has loaded it, and is {status.Status}");
            }

            _runs = $" The VM runs in '{twin}' at {twin.Address}.";
        }

        await twin.RefreshAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>A QEMU that was sent nothing has its settings again, and waits, or does what somebody else had it do.</summary>
    private async Task<string> BackAsync()
    {
        using var limit = new CancellationTokenSource(EndPatience);
        try
        {
            if (_settings is not null
                && await _settings.PutBackAsync(await twin.MonitorAsync(limit.Token).ConfigureAwait(false), limit.Token).ConfigureAwait(false) is { Count: > 0 } failed)
                return $" The QEMU at {twin.Address} was sent nothing. These of its settings could not be put back: {string.Join("; ", failed)}.";
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            return twin.HasEnded ? $" The QEMU at {twin.Address} has ended; the file is unchanged." : $" The QEMU at {twin.Address} was sent nothing; its settings were not put back.";
        }

        return $" The QEMU at {twin.Address} was sent nothing, and is as it was.";
    }

    /// <summary>A QEMU that has received a part can be used for nothing else.</summary>
    private async Task<string> EndAsync()
    {
        using var limit = new CancellationTokenSource(EndPatience);
        try
        {
            if (!twin.HasEnded)
                await QemuEnding.EndAsync(twin, await twin.MonitorAsync(limit.Token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // It has ended, or cannot be reached.
        }

        return twin.HasEnded ? $" The QEMU at {twin.Address} has ended; the file is unchanged." : $" The QEMU at {twin.Address} cannot be used for anything else: end it. The file is unchanged.";
    }

    private async Task DiscardAsync(string folder)
    {
        try
        {
            await _host.DiscardAsync(folder).ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            Tracer.Say($"{folder} on {twin.HostName} could not be removed: {error.Message}");
        }
    }

    private LiveMigrationException NotRestored(string why) => new(Faults.StateNotRestored, $"{Title} was not restored into '{twin}' on {twin.HostName}: {why}.", twin.HostName);
}
