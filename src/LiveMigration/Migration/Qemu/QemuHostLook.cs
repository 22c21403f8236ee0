using System.Globalization;
using System.Net;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu.Saving;
using LiveMigration.Readiness;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu;

/// <summary>What two QEMUs do not say and their hosts do: names, ports, files, space. Asked here, or over ssh; of a host that is reached by a TCP monitor alone nothing is known.</summary>
internal sealed class QemuHostLook(QemuProcess source, QemuProcess destination, CancellationToken stop)
{
    private static readonly string[] ServerFiles = ["ca-cert.pem", "server-cert.pem", "server-key.pem"];

    private static readonly string[] ClientFiles = ["ca-cert.pem", "client-cert.pem", "client-key.pem"];

    /// <summary>Whether the source knows the name, and nobody has the port.</summary>
    /// <param name="uri">Where the source sends.</param>
    /// <param name="listen">The address that the destination listens at; null is any.</param>
    /// <param name="listens">Whether the destination listens there already.</param>
    internal async Task<IReadOnlyList<Outcome>> AddressAsync(string uri, string? listen, bool listens)
    {
        if (QemuUri.IsOneWay(uri))
            return await OneWayAsync(uri).ConfigureAwait(false);
        var parts = uri.Split(':', 2);
        if (parts is not ["tcp", var address] || address.LastIndexOf(':') is not (> 0 and var colon))
            return [parts[0] is "unix" ? Outcome.Pass($"{uri}.") : Outcome.Untold($"{uri} is passed on to QEMU.")];
        var (host, port) = (address[..colon].Trim('[', ']'), address[(colon + 1)..]);
        var bound = QemuUri.Incoming(uri, listen)["tcp:".Length..];
        return [await NameAsync(host).ConfigureAwait(false), await PortAsync(bound[..bound.LastIndexOf(':')].Trim('[', ']'), port, listens).ConfigureAwait(false)];
    }

    /// <summary>
    /// Whether the source's QEMU may start a program: an older one that may not is killed by the kernel when it tries, and its guest with it. Or whether there
    /// is no file yet where it would write: QEMU overwrites it.
    /// </summary>
    internal async Task<IReadOnlyList<Outcome>> OneWayAsync(string uri)
    {
        var place = source.PlaceBeside(destination);
        if (QemuUri.IsFile(uri))
        {
            var file = QemuUri.PathOf(uri);
            if (source.Address.Path is { } socket && (await RunAsync(source, QemuHostQuestions.View(source.Process?.Id, socket)).ConfigureAwait(false)).Said?.Trim() is QemuHostQuestions.Elsewhere)
                return [Outcome.Broken($"QEMU at {place} has another view of the files (a container, or a chroot): where it would write {file} cannot be seen from outside. Use exec:, tcp: or unix:.")];
            var (there, silent) = await RunAsync(source, QemuHostQuestions.IsNew(file)).ConfigureAwait(false);
            return [there is null ? Outcome.Untold($"It is not known whether there is a file {file} at {place}, which the migration would overwrite: {silent}") : QemuHostQuestions.JudgeNew(there, file, place)];
        }

        // A destination that may not is killed as well; there, the guest stays.
        return [await SpawningAsync(source, place, "-MigrationUri").ConfigureAwait(false), await SpawningAsync(destination, destination.PlaceBeside(source), "-ListenAddress").ConfigureAwait(false)];
    }

    private async Task<Outcome> SpawningAsync(QemuProcess process, string place, string option)
    {
        var (said, why) = process.Address.Path is { } monitor ? await RunAsync(process, StatePlace.Spawning(process.Process?.Id, monitor)).ConfigureAwait(false)
            : (null, $"{place} is reached by its monitor alone, which does not report this.");
        return said?.Trim() switch
        {
            "ok" => Outcome.Pass($"QEMU at {place} may start programs."),
            "deny" => Outcome.Broken($"It was started with -sandbox spawn=deny at {place}: QEMU may not start the program of {option} exec:, and would be killed for it."),
            _ when process == destination => Outcome.Pass($"It is not known whether QEMU at {place} may start programs; the guest stays where it is if it may not."),
            _ => Outcome.Untold($"It is not known whether QEMU at {place} may start programs (-sandbox spawn=deny), and it would be killed if it may not: {why ?? "its process was not found."}"),
        };
    }

    /// <summary>Removes the file of a migration through a file, which contains the guest's memory.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mayBeGone">Whether it need not be there.</param>
    /// <returns>Null, or why it could not be removed.</returns>
    internal async Task<string?> RemoveFileAsync(string file, bool mayBeGone)
    {
        var (said, why) = await RunAsync(source, QemuHostQuestions.Remove(file)).ConfigureAwait(false);
        return said?.Trim() is QemuHostQuestions.Gone && !mayBeGone ? "it is not there; if QEMU has another view of the files, it may be where QEMU sees it" : why;
    }

    /// <summary>Whether the files are there, as far as this user may see.</summary>
    /// <param name="folder">On both hosts; null where nothing is encrypted.</param>
    internal async Task<IReadOnlyList<Outcome>> CertificatesAsync(string? folder) => folder is null
        ? [Outcome.Skip("Nothing is encrypted.")]
        : [await FilesAsync(source, folder, ClientFiles).ConfigureAwait(false), await FilesAsync(destination, folder, ServerFiles).ConfigureAwait(false)];

    /// <summary>Whether what is copied has room, beside what its images have already.</summary>
    /// <param name="copies">The disks that are copied.</param>
    /// <param name="incremental">Whether of overlays only what is above the backing file is.</param>
    internal async Task<IReadOnlyList<Outcome>> SpaceAsync(IReadOnlyList<QemuDiskCopy> copies, bool incremental)
    {
        var found = new List<Outcome>();
        var places = new Dictionary<string, (long Free, long Needed, List<string> Disks)>(StringComparer.Ordinal);
        foreach (var copy in copies)
        {
            if (copy.Destination.File is not ['/', ..] file || file.StartsWith("/dev/", StringComparison.Ordinal) || Bytes(copy) is not { } size)
            {
                found.Add(Outcome.Untold("It is no file of a known size.", copy.Name));
                continue;
            }

            var quoted = QemuLaunch.Quoted(file);
            var (said, why) = await RunAsync(destination, $"df -B1 --output=avail,target -- {quoted} | tail -n 1; stat -Lc '%b %B' -- {quoted}\n").ConfigureAwait(false);
            var numbers = said?.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) ?? [];
            if (numbers.Length < 4 || Number(numbers[0]) is not { } free || Number(numbers[^2]) is not { } blocks || Number(numbers[^1]) is not { } each)
            {
                found.Add(Outcome.Untold(why ?? $"{destination.HostName} does not say how much space {file} has.", copy.Name));
                continue;
            }

            var place = string.Join(' ', numbers[1..^2]);
            var (_, needed, disks) = places.GetValueOrDefault(place, (free, 0, []));
            places[place] = (free, needed + Math.Max(size - (blocks * each), 0), [.. disks, copy.Name]);
        }

        found.AddRange(places.Select(place =>
        {
            var sentence = $"{place.Key} at {destination.PlaceBeside(source)} has {new ByteSize(place.Value.Free)}, and the copies need up to {new ByteSize(place.Value.Needed)} more.";
            return place.Value.Free >= place.Value.Needed ? Outcome.Pass(sentence, string.Join(", ", place.Value.Disks)) : Outcome.Broken(sentence, subject: string.Join(", ", place.Value.Disks));
        }));
        return found.Count == 0 ? [Outcome.Skip("No disk is copied.")] : found;

        // What an overlay takes on its disk is what is above its backing file, give or take what the guest writes meanwhile.
        long? Bytes(QemuDiskCopy copy) => incremental && copy.Source.Backing.Count > 0 ? copy.Source.ActualSize : copy.Source.Size;
    }

    private async Task<Outcome> NameAsync(string host)
    {
        if (IPAddress.TryParse(host, out _))
            return Outcome.Pass($"{host} is an address.");
        var (said, why) = await RunAsync(source, QemuHostQuestions.Name(host)).ConfigureAwait(false);
        return said is null ? Outcome.Untold(why!) : QemuHostQuestions.JudgeName(said, host, source.HostName);
    }

    /// <param name="bound">Where the destination will listen: an address, or a name.</param>
    /// <param name="port">The port.</param>
    /// <param name="listens">Whether it does already.</param>
    private async Task<Outcome> PortAsync(string bound, string port, bool listens)
    {
        if (listens || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            return Outcome.Pass(listens ? "The destination listens there." : "The destination takes a port that is free.");
        var (said, why) = await RunAsync(destination, QemuHostQuestions.Listeners).ConfigureAwait(false);
        return said is null ? Outcome.Untold(why!) : QemuHostQuestions.JudgePort(said, bound, number, destination.HostName);
    }

    private async Task<Outcome> FilesAsync(QemuProcess process, string folder, string[] files)
    {
        var place = process.PlaceBeside(process == source ? destination : source);
        var (said, why) = await RunAsync(process, QemuHostQuestions.Files(folder, files)).ConfigureAwait(false);
        return said is null ? Outcome.Untold(why!, place) : QemuHostQuestions.JudgeFiles(said, folder, files, place);
    }

    /// <summary>The hash of the bytes of a file that a QEMU has open; all of it is read, which takes as long as that takes. Null, and why it cannot be read.</summary>
    internal async Task<(string? Hash, string? Why)> HashAsync(QemuProcess process, string file)
    {
        var (said, why) = await OpenAsync(process, file, "h=$(sha256sum <\"$open\") && echo \"${h%% *}\"\n").ConfigureAwait(false);
        return (said?.Trim() is { Length: > 0 } hash ? hash : null, why);
    }

    /// <summary>Whether the topmost image of the destination's disk contains nothing of its own yet. Null, and why that is not known.</summary>
    internal async Task<(bool? IsEmpty, string? Why)> IsEmptyOverlayAsync(string file)
    {
        var (said, why) = await OpenAsync(destination, file, "qemu-img map -U --output=json -- \"$path\"\n").ConfigureAwait(false);
        return (said is null ? null : QemuHostQuestions.IsEmptyOverlay(said), why);
    }

    /// <summary>Has the host look at what a QEMU has open by a path, and at nothing else that has the path now.</summary>
    private async Task<(string? Said, string? Why)> OpenAsync(QemuProcess process, string file, string command)
    {
        if (process.Address.Path is not { } monitor)
            return (null, $"{process.HostName} is reached by its monitor alone, which does not report this.");
        var (said, why) = await RunAsync(process, QemuHostQuestions.IsOpen(process.Process?.Id, monitor, file) + command, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        return said?.Trim() switch
        {
            QemuHostQuestions.Untold => (null, $"this user may not see what QEMU at {process.Address} has open"),
            QemuHostQuestions.NotOpen => (null, $"{file} is not what QEMU at {process.Address} has open: it was replaced since, or is another file there"),
            _ => (said, why),
        };
    }

    private async Task<(string? Said, string? Why)> RunAsync(QemuProcess process, string script, TimeSpan? patience = null)
    {
        if (process.Address is { IsLocal: false, Host: null })
            return (null, $"{process.HostName} is reached by its monitor alone, which does not report this.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience ?? TimeSpan.FromSeconds(10));
        try
        {
            return (await HostShell.AsUser(process.HostName, process.Address.Host ?? HostUri.Parse("qemu:///system")).RunAsync(script, limit.Token).ConfigureAwait(false), null);
        }
        catch (LiveMigrationException error)
        {
            return (null, error.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (null, $"{process.HostName} did not answer within 10 s.");
        }
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
