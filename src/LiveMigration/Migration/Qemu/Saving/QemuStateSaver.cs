using System.Diagnostics;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Tracing;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>
/// One save. QEMU's own word that it has sent everything proves nothing about the file: that is whole when all programs behind QEMU have
/// succeeded, its bytes are those that were written, and it can be read as a restore would. Only then has it its name, and only then is QEMU
/// ended where that was asked for. Whatever fails before, the guest is as it was.
/// </summary>
internal sealed class QemuStateSaver(QemuProcess process, StateSaving options, Action<StateProgress> report, Action<string> notice)
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(20);

    /// <summary>How long a save that was stopped may take to end by itself.</summary>
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);

    private readonly StateHost _host = new(process);
    private readonly StatePlace _place = new(options.Path);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private QemuSavingSettings? _settings;
    private bool _wasRunning;
    private bool _isTouched;
    private bool _isNamed;
    private TimeSpan? _stoppedAt;
    private TimeSpan? _downtime;

    private bool IsLive => options.Live && _wasRunning;

    /// <summary>Saves it.</summary>
    /// <exception cref="LiveMigrationException">It was not saved; the message says how the guest is.</exception>
    internal async Task<SavedState> RunAsync(CancellationToken stop)
    {
        await process.RefreshAsync(stop).ConfigureAwait(false);
        QemuSavingRules.CheckSave(process, options);
        _wasRunning = process.Facts.IsRunning;
        var encoding = new StateEncoding
        {
            Compression = options.Compression, Encryption = options.Encryption, KeyFile = options.KeyFile, Recipient = options.Recipient,
            Command = options.Command, ReadCommand = options.ReadCommand, KeyDecrypts = options.Encryption is StateEncryption.Gpg && options.KeyFile is not null,
        };
        if (!options.MappedRam)
            await _host.CheckSpawningAsync(stop).ConfigureAwait(false);
        var (folder, hasIdentity) = await _host.PrepareAsync(_place, encoding, options.Force, stop).ConfigureAwait(false);
        encoding = encoding with { KeyDecrypts = encoding.KeyDecrypts || hasIdentity };
        try
        {
            if (options.Stop && !encoding.IsReadable)
                throw new LiveMigrationException(Faults.ContradictingOptions, $"-Stop ends '{process}' when its state was read back whole, and what is written cannot be read back: that needs a -KeyFile that decrypts, and -ReadCommand for -Command.", process.HostName);
            return await SaveAsync(folder, encoding, stop).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException or OperationCanceledException)
        {
            var now = _isTouched ? await BackAsync().ConfigureAwait(false) : "";
            await DiscardAsync(folder).ConfigureAwait(false);
            var known = error as LiveMigrationException;
            throw new LiveMigrationException(
                known?.Fault ?? (error is OperationCanceledException ? Faults.Stopped : Faults.MonitorClosed),
                $"{(_isNamed ? $"The state of '{process}' is saved to '{options.Path}' on {process.HostName}, but: " : "")}{known?.Message ?? $"The save of '{process}' was stopped."}{now}", process.HostName, error);
        }
    }

    private async Task<SavedState> SaveAsync(string folder, StateEncoding encoding, CancellationToken stop)
    {
        _settings = QemuSavingSettings.Of(
            process.Facts,
            options.MappedRam ? [QemuSavingRules.MappedRam] : IsLive ? [QemuSavingRules.BackgroundSnapshot] : [],
            options.Bandwidth is { IsUnlimited: false } limit ? limit.BytesPerSecond : long.MaxValue);
        var monitor = await process.MonitorAsync(stop).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        _isTouched = true;
        if (_wasRunning && !IsLive)
        {
            await monitor.StopAsync(CancellationToken.None).ConfigureAwait(false);
            _stoppedAt = _watch.Elapsed;
        }

        await _settings.SetAsync(monitor, CancellationToken.None).ConfigureAwait(false);
        var time = DateTimeOffset.UtcNow;
        var disks = IsLive ? await _host.DisksAsync(stop).ConfigureAwait(false) : null;
        Tracer.Say($"'{process}': saving to {options.Path ?? "a command"}.");
        await monitor.MigrateAsync(options.MappedRam ? $"file:{folder}/state" : $"exec:{_place.Store(folder, encoding)}", cancellationToken: CancellationToken.None).ConfigureAwait(false);
        var info = await SentOrEndedAsync(folder, stop).ConfigureAwait(false);
        // QEMU has let go of the images of a guest that is stopped, and has written to them what was in its hands.
        disks ??= await _host.DisksAsync(stop).ConfigureAwait(false);
        if (IsLive)
            _downtime = info.Downtime is { } downtime ? TimeSpan.FromMilliseconds(downtime) : null;
        else if (!options.Stop)
            await ContinueAsync().ConfigureAwait(false);
        report(new(StateStep.Storing));
        var (hash, length) = await StoredAsync(folder, stop).ConfigureAwait(false);
        var (verified, streamLength, readHash) = await VerifyAsync(folder, encoding, info.Ram?.Transferred, stop).ConfigureAwait(false);
        var state = new SavedState
        {
            Name = process.Name, HostName = process.HostName, Path = options.Path, Uuid = process.Uuid, Machine = process.Machine, QemuVersion = process.QemuVersion,
            SaveTime = time, WasRunning = _wasRunning, Live = IsLive, Length = length, StreamLength = streamLength, Sha256 = hash ?? readHash ?? throw NotSaved("its hash is not known"), Compression = options.Compression,
            Encryption = options.Encryption, HasCommand = options.Command is not null, MappedRam = options.MappedRam, Verified = verified, Disks = disks,
        };
        stop.ThrowIfCancellationRequested();
        if (options.Path is not null)
            await NameAsync(folder, state).ConfigureAwait(false);
        else
            await DiscardAsync(folder).ConfigureAwait(false);
        var now = options.Stop ? await EndAsync().ConfigureAwait(false) : await SettleAsync().ConfigureAwait(false);
        return state with { State = now, Downtime = options.Stop && _stoppedAt is { } since ? _watch.Elapsed - since : _downtime, Elapsed = _watch.Elapsed };
    }

    /// <summary>Gives the file its name. From then on it is saved, whatever comes.</summary>
    private async Task NameAsync(string folder, SavedState state)
    {
        string? problem;
        try
        {
            problem = await _host.FinishAsync(_place, folder, StateSidecar.Write(state), options.Force).ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (error.Fault != Faults.StateNotWritable)
        {
            throw new LiveMigrationException(error.Fault, $"Whether '{options.Path}' has come into being is not known: {error.Message.TrimEnd('.')}.", process.HostName, error);
        }

        _isNamed = true;
        if (problem is not null)
            throw new LiveMigrationException(Faults.StateNotWritable, problem, process.HostName);
    }

    /// <summary>Waits until QEMU has sent all. QEMU waits for a command that hangs, also when it is cancelled: stopped, that is ended after a while.</summary>
    private async Task<QmpMigrationInfo> SentOrEndedAsync(string folder, CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var ending = EndCommandAsync();
        try
        {
            return await SentAsync(folder, stop).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await ending.ConfigureAwait(false);
        }

        async Task EndCommandAsync()
        {
            try
            {
                using (var either = CancellationTokenSource.CreateLinkedTokenSource(stop, over.Token))
                    await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await Task.Delay(CancelPatience, over.Token).ConfigureAwait(false);
                Tracer.Say($"'{process}': the command that QEMU runs does not end; it is ended.");
                await _host.EndCommandAsync(folder, over.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or LiveMigrationException)
            {
                // It has ended, or its host cannot be reached.
            }
        }
    }

    /// <summary>Waits until QEMU has sent all. Stopped meanwhile, it is cancelled first.</summary>
    private async Task<QmpMigrationInfo> SentAsync(string folder, CancellationToken stop)
    {
        var (told, notBegun) = (false, 0);
        TimeSpan? stopped = null;
        while (true)
        {
            if (stop.IsCancellationRequested && _watch.Elapsed - (stopped ??= _watch.Elapsed) > EndPatience)
                throw new OperationCanceledException(stop);
            QmpMigrationInfo? info = null;
            try
            {
                var monitor = await process.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
                info = await monitor.QueryMigrationAsync(CancellationToken.None).ConfigureAwait(false);
                if (stop.IsCancellationRequested && !told && QemuStatus.IsUnderWay(info.Status))
                {
                    await monitor.CancelMigrationAsync(CancellationToken.None).ConfigureAwait(false);
                    told = true;
                }
            }
            catch (LiveMigrationException error) when (process.HasEnded)
            {
                throw new LiveMigrationException(Faults.SourceQemuFailed, $"The state of '{process}' was not saved: QEMU has ended.", process.HostName, error);
            }
            catch (LiveMigrationException) when (++notBegun < 60)
            {
                // Its monitor is connected again.
            }

            if (info is not null)
                report(new(StateStep.Writing, info.Ram?.Total - info.Ram?.Remaining, info.Ram?.Total));
            switch (info?.Status)
            {
                case "completed":
                    return info;
                case "cancelled" or "failed" when stop.IsCancellationRequested:
                    throw new OperationCanceledException(stop);
                case "cancelled":
                    throw NotSaved("somebody else has cancelled it");
                case "failed":
                    throw NotSaved(await ReasonAsync(folder, info.ErrorDesc).ConfigureAwait(false));
                case null or "none" when info is not null && ++notBegun >= 60:
                    throw NotSaved("QEMU did not begin");
            }

            await Task.Delay(_watch.ElapsedMilliseconds < 2000 ? 20 : 250, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>QEMU knows that nobody reads any more, and the programs know why.</summary>
    private async Task<string> ReasonAsync(string folder, string? said)
    {
        var words = said?.TrimEnd('.', ' ') ?? "QEMU does not say why";
        if (options.MappedRam)
            return words;
        using var limit = new CancellationTokenSource(EndPatience);
        try
        {
            return (await _host.AwaitAsync(folder, limit.Token).ConfigureAwait(false)).Complaint ?? words;
        }
        catch (Exception error) when (error is LiveMigrationException or OperationCanceledException)
        {
            return words;
        }
    }

    /// <summary>Waits until the file is on the disk; gives its hash, as it was written, and its length.</summary>
    private async Task<(string? Sha256, long? Length)> StoredAsync(string folder, CancellationToken stop)
    {
        if (options.MappedRam)
            return (null, await _host.SyncAsync($"{folder}/state", stop).ConfigureAwait(false));
        var end = await _host.AwaitAsync(folder, stop).ConfigureAwait(false);
        return end.Complaint is { } complaint ? throw NotSaved(complaint) : (end.Sha256, end.Length);
    }

    /// <summary>Reads it back, as far as that is possible: at least, what is on the disk has to be what was written.</summary>
    private async Task<(bool Verified, long? StreamLength, string? Sha256)> VerifyAsync(string folder, StateEncoding encoding, long? total, CancellationToken stop)
    {
        var file = options.Path is null ? null : $"{folder}/state";
        report(new(StateStep.Verifying, 0, total));
        var (verified, length, hash) = (false, (long?)null, (string?)null);
        if (encoding.IsReadable)
        {
            var (stream, read) = await _host.ReadAsync(file, $"The state of '{process}' that was written", encoding, done => report(new(StateStep.Verifying, done, total)), stop).ConfigureAwait(false);
            (verified, length, hash) = (true, stream.StreamLength, read);
        }
        else
        {
            notice($"The state of '{process}' was not verified by reading: {(options.Command is not null ? "no -ReadCommand was given" : "it is encrypted for a key that is not there")}. {(file is null ? "The command has ended without an error." : "Its bytes on the disk are those that were written.")}");
            hash = file is null ? null : await _host.HashAsync(file, stop).ConfigureAwait(false);
        }

        if (hash is not null && !options.MappedRam)
        {
            var written = (await _host.AwaitAsync(folder, stop).ConfigureAwait(false)).Sha256;
            if (hash != written)
                throw new LiveMigrationException(Faults.StateDamaged, $"The state of '{process}' was not saved: what is read back is not what was written (SHA-256 {hash}, {written}). Check the disk.", process.HostName);
        }

        return (verified, length, hash);
    }

    /// <summary>Has the guest go on. It must, even where the user gives up.</summary>
    private async Task ContinueAsync()
    {
        if (!_wasRunning)
            return;
        var monitor = await process.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
        if (!(await monitor.QueryStatusAsync(CancellationToken.None).ConfigureAwait(false)).Running)
            await monitor.ContinueAsync(CancellationToken.None).ConfigureAwait(false);
        _downtime ??= _watch.Elapsed - _stoppedAt;
    }

    /// <summary>The settings as they were; QEMU's run state.</summary>
    private async Task<string> SettleAsync()
    {
        var monitor = await process.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
        if (await _settings!.PutBackAsync(monitor, CancellationToken.None).ConfigureAwait(false) is { Count: > 0 } failed)
            notice($"These settings of migrations of '{process}' could not be put back: {string.Join("; ", failed)}. Set them with Invoke-QmpCommand migrate-set-parameters or migrate-set-capabilities -Name {process.Address}.");

        await process.RefreshAsync(CancellationToken.None).ConfigureAwait(false);
        return process.State;
    }

    /// <summary>Ends QEMU, whose guest has not run since. Null where it has ended; otherwise its run state.</summary>
    private async Task<string?> EndAsync()
    {
        try
        {
            var monitor = await process.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
            if (await monitor.QueryStatusAsync(CancellationToken.None).ConfigureAwait(false) is { Running: true } status)
            {
                notice($"'{process}' was continued by somebody else after its state was saved, so it was not ended: that state is of the past.");
                return status.Status;
            }

            if (await QemuEnding.EndAsync(process, monitor).ConfigureAwait(false))
                return null;
        }
        catch (LiveMigrationException) when (process.HasEnded)
        {
            return null;
        }
        catch (LiveMigrationException error)
        {
            Tracer.Say($"{process.Address}: {error.Message}");
        }

        notice($"The state of '{process}' is saved, but QEMU at {process.Address} has not ended: end that process.");
        return process.State;
    }

    /// <summary>The guest as it was before. What it is now, as the end of a message.</summary>
    private async Task<string> BackAsync()
    {
        for (var until = _watch.Elapsed + EndPatience; ; await Task.Delay(100).ConfigureAwait(false))
        {
            try
            {
                var monitor = await process.MonitorAsync(CancellationToken.None).ConfigureAwait(false);
                if (QemuStatus.IsUnderWay(await monitor.QueryMigrationStatusAsync().ConfigureAwait(false)))
                {
                    if (_watch.Elapsed > until)
                        return $" QEMU still writes: cancel that with Invoke-QmpCommand migrate_cancel -Name {process.Address}.";
                    await monitor.CancelMigrationAsync(CancellationToken.None).ConfigureAwait(false);
                    continue;
                }

                await ContinueAsync().ConfigureAwait(false);
                var state = await SettleAsync().ConfigureAwait(false);
                return process.Facts.IsRunning ? " The VM runs on." : $" The VM is {state}, and did not run before either.";
            }
            catch (Exception error) when (error is LiveMigrationException or ObjectDisposedException)
            {
                if (process.HasEnded)
                    return " QEMU has ended.";
                if (error is ObjectDisposedException || _watch.Elapsed > until)
                    return $" How the VM is, is not known: {error.Message.TrimEnd('.')}. Look with Get-QemuProcess, and continue it with Invoke-QmpCommand cont.";
            }
        }
    }

    private async Task DiscardAsync(string folder)
    {
        try
        {
            await _host.DiscardAsync(folder).ConfigureAwait(false);
        }
        catch (LiveMigrationException error)
        {
            notice($"{folder} on {process.HostName} could not be removed: {error.Message}");
        }
    }

    private LiveMigrationException NotSaved(string why) => new(Faults.StateNotSaved, $"The state of '{process}' was not saved{(options.Path is { } path ? $" to '{path}'" : "")} on {process.HostName}: {why}.", process.HostName);
}
