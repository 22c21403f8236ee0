using System.Text;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Qmp;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.Hypervisors.Qemu;

/// <summary>QEMU → a twin of it that waits for its guest, here or on another host.</summary>
public sealed record QemuDestination
{
    private const string Local = "qemu:///system";

    /// <summary>The QEMU that the twin is like.</summary>
    public required QemuProcess Like { get; init; }

    /// <summary>The host where it starts, as ssh names it: <c>root@b</c>, with <c>?keyfile=FILE</c> behind it or not; null is the host of the source.</summary>
    public string? HostName { get; init; }

    /// <summary>Where its monitor listens on that host; null is the source's path, with <c>.incoming</c> behind it where that is on the same host.</summary>
    public string? Monitor { get; init; }

    /// <summary>The program; null is the source's.</summary>
    public string? Program { get; init; }

    /// <summary>Other paths of sockets, logs and the like, by the beginning of the source's.</summary>
    public IReadOnlyDictionary<string, string> PathMap { get; init; } = new Dictionary<string, string>();

    /// <summary>Other files of disks, by the disk's name or its file. What is not there is made, in the source's format and size.</summary>
    public IReadOnlyDictionary<string, string> DiskMap { get; init; } = new Dictionary<string, string>();

    /// <summary>More arguments, for what was plugged in since the source was started.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    private string MonitorPath => Monitor ?? (QemuCommandLine.Map(Like.Address.Path!, PathMap) is var mapped && IsSameHost && mapped == Like.Address.Path ? $"{mapped}.incoming" : mapped);

    private bool IsSameHost => HostName is null;

    /// <summary>What would be run, as one would type it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The twin cannot be started so.</exception>
    public async Task<QemuLaunch> PlanAsync(CancellationToken cancellationToken = default)
    {
        if (Like.Address.Path is not { } path)
            throw new LiveMigrationException(Faults.NotSupported, $"{Like.Address}: a twin can be started of a QEMU whose monitor is a UNIX socket.", Like.HostName);
        if (!MonitorPath.StartsWith('/') || MonitorPath.AsSpan().IndexOfAny(":,") >= 0)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"-Monitor is the path of a socket, from the root, without colons and commas: not '{MonitorPath}'.", Like.HostName);
        await Like.RefreshAsync(cancellationToken).ConfigureAwait(false);
        var (program, folder, arguments) = await CommandLineAsync(path, cancellationToken).ConfigureAwait(false);
        var refused = new List<string>();
        var known = QemuCommandLine.DeviceIds([.. arguments, .. Arguments]);
        var devices = await (await Like.MonitorAsync(cancellationToken).ConfigureAwait(false)).QueryDeviceIdsAsync(cancellationToken).ConfigureAwait(false);
        if (devices.Where(id => !known.Contains(id)).ToArray() is { Length: > 0 } plugged)
            refused.Add($"{string.Join(", ", plugged)}: plugged in since it was started. Give the -device of each with -ArgumentList.");
        var paths = new Dictionary<string, string>(PathMap) { [path] = MonitorPath };
        var disks = Files(refused);
        var twin = QemuCommandLine.Twin(arguments, Like.Machine, paths, disks, IsSameHost, refused);
        if (refused.Count > 0)
            throw new LiveMigrationException(Faults.NotSupported, $"No twin of '{Like}' can be started like this: {string.Join(' ', refused)}", Like.HostName);
        return new QemuLaunch(Address(), folder)
        {
            HostName = Address().HostName,
            Monitor = MonitorPath,
            Images = [.. disks.Select(pair => Image(pair.Key, pair.Value)).OfType<QemuImage>()],
            Arguments = [Program ?? program, .. twin, .. Arguments],
        };
    }

    /// <summary>Starts it and connects to it.</summary>
    /// <param name="launch">What is to be run.</param>
    /// <param name="cancellationToken">Stops waiting; a QEMU that was started is ended then.</param>
    /// <exception cref="LiveMigrationException">It did not start: its own words are in the message.</exception>
    public async Task<QemuProcess> StartAsync(QemuLaunch launch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(launch);
        var shell = Shell(launch.Address.Host, launch.HostName);
        Tracer.Say($"Starting on {launch.HostName}: {launch}.");
        try
        {
            var said = (await shell.RunAsync(launch.Script(), cancellationToken).ConfigureAwait(false)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            try
            {
                var twin = await QemuProcess.ConnectAsync(launch.Address, null, null, Like.Store, cancellationToken).ConfigureAwait(false);
                twin.MadeImages = [.. said.Skip(1).Select(number => launch.Images[int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)].File)];
                return twin;
            }
            catch (Exception error) when (error is LiveMigrationException or OperationCanceledException)
            {
                // It makes its monitor before its devices; what cannot be connected is not left running.
                int[] numbers = [.. said.Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
                await shell.RunAsync(launch.UndoScript(numbers[0], numbers[1..]), CancellationToken.None).ConfigureAwait(false);
                throw;
            }
        }
        catch (LiveMigrationException error)
        {
            throw new LiveMigrationException(Faults.DestinationQemuFailed, $"No twin of '{Like}' started: {error.Message}", launch.HostName, error);
        }
    }

    private QemuAddress Address() => HostName?.Split('?', 2) is [var host, .. var query] ? QemuAddress.Parse($"ssh://{host}{MonitorPath}{string.Concat(query.Select(text => $"?{text}"))}")
        : Like.Address.IsLocal ? QemuAddress.Parse($"unix:{MonitorPath}")
        : Like.Address.At(MonitorPath);

    private static HostShell Shell(HostUri? host, string name) => HostShell.AsUser(name, host ?? HostUri.Parse(Local));

    /// <summary>Other files by the source's, whichever way its disks were named.</summary>
    private Dictionary<string, string> Files(List<string> refused)
    {
        var files = new Dictionary<string, string>();
        foreach (var (name, file) in DiskMap)
        {
            if (Like.Disks.FirstOrDefault(disk => disk.Name == name || disk.Node == name || disk.File == name) is { File: { } old })
                files[old] = file;
            else
                refused.Add($"-DiskMap: there is no disk '{name}'; it has {string.Join(", ", Like.Disks.Select(disk => $"{disk} ({disk.File})"))}.");
            if (!file.StartsWith('/'))
                refused.Add($"-DiskMap: '{file}' is not a path from the root.");
        }

        return files;
    }

    private QemuImage? Image(string source, string file) => Like.Disks.First(disk => disk.File == source) is { Size: { } size, Format: { } format } ? new QemuImage(file, format, size) : null;

    /// <summary>The program, the folder and the arguments of the source, as its host's kernel has them.</summary>
    private async Task<(string Program, string Folder, IReadOnlyList<string> Arguments)> CommandLineAsync(string monitor, CancellationToken cancellationToken)
    {
        // By its number where that is known; else the process that has the monitor on its command line.
        var which = Like.Process is { } process ? $"set -- /proc/{process.Id}"
            : $"set -- $(for p in /proc/[0-9]*; do [ \"$p\" = /proc/$$ ] || ! tr '\\0' '\\n' <$p/cmdline 2>/dev/null | grep -qF -- {QemuLaunch.Quoted(monitor)} || case $(readlink $p/exe) in *qemu*) echo $p;; esac; done)";
        var said = await Shell(Like.Address.Host, Like.HostName).RunAsync(
            $"{which}\n[ $# -eq 1 ] || {{ echo \"$# processes have this monitor on their command line.\" >&2; exit 1; }}\nreadlink $1/exe && readlink $1/cwd && base64 -w0 <$1/cmdline\n",
            cancellationToken).ConfigureAwait(false);
        if (said.Split('\n') is not [var program, var folder, var encoded, ..] || program.Length == 0)
            throw new LiveMigrationException(Faults.NotSupported, $"{Like.HostName} does not say how '{Like}' was started: run as the user that QEMU runs as, or as root.", Like.HostName);
        var arguments = Encoding.UTF8.GetString(Convert.FromBase64String(encoded.Trim())).TrimEnd('\0').Split('\0');
        return (program, folder, arguments[1..]);
    }
}
