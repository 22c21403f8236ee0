using System.Globalization;
using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What only a look at the host itself tells, and not libvirt: on this machine, or by the ssh over which it is connected.</summary>
/// <param name="Configuration">QEMU's configuration for libvirt, by key, as far as it is set.</param>
/// <param name="Clock">How far the host's clock is ahead of ours.</param>
internal sealed record HostLook(IReadOnlyDictionary<string, string> Configuration, TimeSpan Clock)
{
    private const string Script = $"date +%s.%N; [ ! -e {QemuConfiguration.Path} ] || cat {QemuConfiguration.Path}";

    /// <summary>Looks; a host into which we cannot look tells nothing, and that is no fault of it.</summary>
    internal static async Task<HostLook> AtAsync(LibvirtHost host, bool blockersOnly, CancellationToken cancellationToken)
    {
        if (host.Uri is { IsLocal: true, IsInProcess: false } && OperatingSystem.IsLinux())
            return new HostLook(Own(), TimeSpan.Zero);
        if (host.Uri.Transport is not "ssh" || blockersOnly)
            throw new MissingFactException($"libvirt does not tell what is in {QemuConfiguration.Path} on {host.Name}.", untold: true);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Question.Patience);
        try
        {
            var before = DateTimeOffset.UtcNow;
            var said = await HostShell.Over(host.Name, host.Uri).RunAsync(Script, patience.Token).ConfigureAwait(false);
            var now = before + ((DateTimeOffset.UtcNow - before) / 2);
            var end = said.IndexOf('\n', StringComparison.Ordinal);
            var there = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(double.Parse(said.AsSpan(0, end), CultureInfo.InvariantCulture));
            return new HostLook(QemuConfiguration.Parse(said[end..]), there - now);
        }
        catch (Exception error) when (error is LiveMigrationException or FormatException or ArgumentOutOfRangeException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new MissingFactException($"A look into {host.Name} by ssh was not possible: {error.Message}", untold: true);
        }
    }

    private static IReadOnlyDictionary<string, string> Own()
    {
        try
        {
            return QemuConfiguration.Parse(File.Exists(QemuConfiguration.Path) ? File.ReadAllText(QemuConfiguration.Path) : "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MissingFactException(error.Message, untold: true);
        }
    }
}
