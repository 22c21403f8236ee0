using System.Globalization;
using System.Text;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Streams;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>The host of a QEMU, where states are files: all that is done there beside QEMU.</summary>
internal sealed class StateHost
{
    private const string Ready = "ok ";

    private const string Identity = "identity\n";

    /// <summary>How long a disk may take to say when it was changed: the guest does not run meanwhile.</summary>
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(10);

    private readonly HostShell _shell;
    private readonly QemuProcess _process;

    /// <exception cref="LiveMigrationException">There is no way to the host.</exception>
    internal StateHost(QemuProcess process)
    {
        _process = process;
        _shell = process.Address.Shell ?? throw new LiveMigrationException(
            Faults.NotSupported,
            $"{process.Address}: QEMU's monitor is reached there, and not the files of its host. Connect to a monitor that is a UNIX socket: of this machine (unix:PATH), or over ssh (ssh://HOST/PATH).",
            process.HostName);
    }

    private string Name => _process.HostName;

    private string Monitor => _process.Address.Path!;

    /// <summary>Makes the folder of a save.</summary>
    /// <returns>The folder, and whether the key file has what decrypts.</returns>
    /// <exception cref="LiveMigrationException">Something is in the way.</exception>
    internal async Task<(string Folder, bool HasIdentity)> PrepareAsync(StatePlace place, StateEncoding encoding, bool force, CancellationToken cancellationToken)
    {
        var said = await RunAsync(place.Prepare(Monitor, encoding, force), Faults.StateNotWritable, cancellationToken).ConfigureAwait(false);
        var identity = said.StartsWith(Identity, StringComparison.Ordinal);
        said = (identity ? said[Identity.Length..] : said).TrimEnd('\n');
        if (said.StartsWith(Ready, StringComparison.Ordinal))
            return (said[Ready.Length..], identity);
        var (fault, why) = said switch
        {
            "exists" => (Faults.StateExists, $"'{place.File}' or '{place.Sidecar}' already exists"),
            "isfolder" => (Faults.StateNotWritable, $"'{place.File}' is a folder"),
            "nofolder" => (Faults.StateNotWritable, $"there is no folder for '{place.File}'"),
            "nokey" => (Faults.StateKeyUnusable, $"the key file '{encoding.KeyFile}' cannot be read there"),
            "noowner" => (Faults.StateNotWritable, $"a folder beside '{place.File}' cannot be given to QEMU's user"),
            _ when said.StartsWith("missing ", StringComparison.Ordinal) => (Faults.ProgramMissing, $"there is no program '{said["missing ".Length..]}'"),
            _ => (Faults.StateNotWritable, $"nothing can be written beside '{place.File}'"),
        };
        throw new LiveMigrationException(fault, $"The state of '{_process}' was not saved: on {Name}, {why}.", Name);
    }

    /// <summary>An older QEMU that may start no program is killed by the kernel when it tries, and its guest is lost.</summary>
    /// <exception cref="LiveMigrationException">It may not.</exception>
    internal async Task CheckSpawningAsync(CancellationToken cancellationToken)
    {
        var said = await RunAsync(StatePlace.Spawning(_process.Process?.Id, Monitor), Faults.NotSupported, cancellationToken).ConfigureAwait(false);
        if (said.Trim() == "deny")
            throw new LiveMigrationException(Faults.NotSupported, $"'{_process}' on {Name} was started with -sandbox spawn=deny: its QEMU may not start the programs through which a state is written and read. Start it without that; -MappedRam (QEMU 9.0) needs no program.", Name);
    }

    /// <summary>Makes a folder for a restore.</summary>
    internal async Task<string> PrepareLoadAsync(CancellationToken cancellationToken) =>
        (await RunAsync(StatePlace.PrepareLoad(Monitor), Faults.StateNotRestored, cancellationToken).ConfigureAwait(false)).TrimEnd('\n');

    /// <summary>Waits until what QEMU runs has ended.</summary>
    internal async Task<CommandEnd> AwaitAsync(string folder, CancellationToken cancellationToken) =>
        CommandEnd.Read(await RunAsync(StatePlace.Await(folder), Faults.StateNotSaved, cancellationToken).ConfigureAwait(false));

    /// <summary>Ends what QEMU runs.</summary>
    internal Task EndCommandAsync(string folder, CancellationToken cancellationToken) => RunAsync(StatePlace.EndCommand(folder), Faults.StateNotSaved, cancellationToken);

    /// <summary>What a file is, to see whether it is still the same.</summary>
    internal Task<string> IdentityAsync(string file, CancellationToken cancellationToken) => RunAsync(StatePlace.Identity(file), Faults.StreamNotReadable, cancellationToken);

    /// <summary>Brings a file to the disk that QEMU has written itself; gives its length.</summary>
    internal async Task<long> SyncAsync(string file, CancellationToken cancellationToken) =>
        long.Parse(await RunAsync(StatePlace.Sync(file), Faults.StateNotSaved, cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);

    /// <summary>The SHA-256 of a file.</summary>
    internal async Task<string> HashAsync(string file, CancellationToken cancellationToken)
    {
        var hash = (await RunAsync(StatePlace.HashOf(file), Faults.StateNotSaved, cancellationToken).ConfigureAwait(false)).Trim();
        return ShellPipeline.IsHash(hash) ? hash : throw new LiveMigrationException(Faults.StateNotSaved, $"sha256sum on {Name} gave no hash of '{file}'.", Name);
    }

    /// <summary>Gives a file its name.</summary>
    /// <returns>What went wrong after it had its name; null is nothing.</returns>
    internal async Task<string?> FinishAsync(StatePlace place, string folder, byte[] sidecar, bool force)
    {
        var said = await RunAsync(place.Finish(folder, sidecar, force), Faults.StateNotWritable, CancellationToken.None).ConfigureAwait(false);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } lines ? string.Join(' ', lines) : null;
    }

    /// <summary>Removes all of a try.</summary>
    internal Task DiscardAsync(string folder) => RunAsync(StatePlace.Discard(folder), Faults.StateNotWritable, CancellationToken.None);

    /// <summary>The disks that the guest writes to, with when they were last changed.</summary>
    internal async Task<IReadOnlyList<SavedDisk>> DisksAsync(CancellationToken cancellationToken)
    {
        var disks = _process.Facts.Disks.Where(disk => disk is { ReadOnly: false, File: not null }).ToArray();
        if (disks.Length == 0)
            return [];
        string[] times = [];
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            limit.CancelAfter(DiskPatience);
            try
            {
                times = (await RunAsync(StatePlace.Changes(disks.Select(disk => disk.File!)), Faults.StateNotSaved, limit.Token).ConfigureAwait(false)).Split('\n');
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // When they were changed is not known.
            }
        }

        return [.. disks.Select((disk, number) => new SavedDisk(disk.Name, disk.File!, number < times.Length ? SavedDisk.Time(times[number]) : null))];
    }

    /// <summary>The numbers of other processes that have a file open, and whether those are all.</summary>
    internal async Task<(IReadOnlyList<string> Processes, bool AreAll)> HoldersAsync(string file, CancellationToken cancellationToken)
    {
        var lines = (await RunAsync(StatePlace.Holders(file, Monitor, _process.Process?.Id), Faults.StateNotRestored, cancellationToken).ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return ([.. lines.Where(line => line != StatePlace.NotAll)], !lines.Contains(StatePlace.NotAll));
    }

    /// <summary>The file beside a state; null where there is none.</summary>
    internal async Task<byte[]?> SidecarAsync(StatePlace place, CancellationToken cancellationToken)
    {
        var said = (await RunAsync(place.ReadSidecar(), Faults.StreamNotReadable, cancellationToken).ConfigureAwait(false)).Trim();
        return said.Length == 0 ? null : Convert.FromBase64String(said);
    }

    /// <summary>The first bytes of what some layers are around; none where those cannot be undone.</summary>
    internal async Task<byte[]> HeadAsync(string? file, StateEncoding encoding, CancellationToken cancellationToken) =>
        Convert.FromBase64String((await RunAsync(StatePlace.Head(file, encoding), Faults.StreamNotReadable, cancellationToken).ConfigureAwait(false)).Trim());

    /// <summary>Whether a file is there that we can read.</summary>
    internal async Task<bool> IsReadableAsync(string file, CancellationToken cancellationToken) =>
        (await RunAsync(StatePlace.IsReadable(file), Faults.StreamNotReadable, cancellationToken).ConfigureAwait(false)).Length > 0;

    /// <summary>Reads a state to its very end, as a restore would.</summary>
    /// <param name="file">The file; null is what the encoding's command gives.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="encoding">What is to be undone.</param>
    /// <param name="read">Gets how many bytes of the stream were read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is in it, and the hash of the file.</returns>
    /// <exception cref="LiveMigrationException">It cannot be read, or is damaged.</exception>
    internal async Task<(MigrationStream Stream, string Sha256)> ReadAsync(string? file, string name, StateEncoding encoding, Action<long> read, CancellationToken cancellationToken)
    {
        var reading = new StreamReading { FieldsOf = section => section.Name == SavedRunState.Section };
        var ((stream, error), said) = await _shell.ReadAsync(StatePlace.Read(file, encoding), bytes => Task.Run(() => Parse(bytes), CancellationToken.None), cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (ShellPipeline.ReadingCulprit(ShellPipeline.Statuses(said)) is { } culprit)
        {
            var fault = culprit.Name is "age" or "gpg" && stream is null ? Faults.StateKeyUnusable : culprit.Name is StateEncoding.Read ? Faults.StreamNotReadable : Faults.StateDamaged;
            throw new LiveMigrationException(fault, $"{name} on {Name} cannot be read to its end: {CommandEnd.Describe(culprit, ShellPipeline.Words(said))}.", Name, error);
        }

        // What was not said to have succeeded has not: a program, or the shell around it, may have been killed.
        if (!ShellPipeline.IsComplete(said) || ShellPipeline.Hash(said) is not { } hash)
            throw new LiveMigrationException(Faults.StreamNotReadable, $"{name} on {Name} cannot be read to its end: {CommandEnd.Unknown}.", Name, error);
        if (error is not null)
            throw error;
        if (stream is not { IsIntact: true })
            throw new LiveMigrationException(Faults.StateDamaged, $"{name} on {Name} is damaged at {stream!.Damage[0].Offset}: {stream.Damage[0].What}", Name);
        if (stream.Form is StreamForm.DevicesOnly or StreamForm.Elsewhere or StreamForm.PostCopy || !stream.HasDescription)
            throw new LiveMigrationException(Faults.StateDamaged, $"{name} on {Name} is a stream of QEMU, and not the whole state of a VM{(stream.HasDescription ? "" : ": the description at its end is not there")}.", Name);
        return (stream, hash);

        (MigrationStream? Stream, LiveMigrationException? Error) Parse(Stream bytes)
        {
            try
            {
                var stream = MigrationStreamReader.Read(new CountedStream(bytes, read), name, reading, cancellationToken);
                Drain(bytes);
                return (stream, null);
            }
            catch (LiveMigrationException error)
            {
                Drain(bytes);
                return (null, error);
            }
            catch (OperationCanceledException)
            {
                return (null, null); // Who asked for it looks.
            }
        }
    }

    /// <summary>What is behind the damage is of no use, but the programs say what they think of the whole only if all of it is taken from them.</summary>
    private static void Drain(Stream bytes)
    {
        try
        {
            bytes.CopyTo(Stream.Null);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It was ended.
        }
    }

    /// <summary>Runs a script; what it fails with is of this kind where nothing else is known.</summary>
    private async Task<string> RunAsync(string script, Fault fault, CancellationToken cancellationToken)
    {
        try
        {
            return await _shell.RunAsync(script, cancellationToken).ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (error.Fault == Faults.LibvirtFailed || error.Fault == Faults.CertificateNotWritable)
        {
            throw new LiveMigrationException(fault, error.Message, Name, error);
        }
    }
}
