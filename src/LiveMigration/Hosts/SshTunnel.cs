using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LiveMigration.Errors;
using LiveMigration.Units;

namespace LiveMigration.Hosts;

/// <summary>A UNIX socket of another host, reached through a socket of ours in a folder that only we can enter, for as long as ssh runs.</summary>
internal sealed class SshTunnel : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder;
    private readonly Process _ssh;
    private string? _said;

    private SshTunnel(DirectoryInfo folder, Process ssh)
    {
        (_folder, _ssh) = (folder, ssh);
        ssh.ErrorDataReceived += (_, line) => _said = string.IsNullOrWhiteSpace(line.Data) ? _said : line.Data.Trim();
        ssh.BeginErrorReadLine();
    }

    /// <summary>The socket on this machine.</summary>
    internal UnixDomainSocketEndPoint Socket => new(SocketIn(_folder));

    /// <summary>What ssh said last; null when it said nothing.</summary>
    internal string? LastWords => _said;

    /// <summary>Logs in, and waits until the socket is there.</summary>
    internal static async Task<SshTunnel> OpenAsync(string name, HostUri host, string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (path.Contains(':', StringComparison.Ordinal))
            throw new LiveMigrationException(Faults.UriInvalid, $"{name}: ssh cannot forward a socket with a colon in its path.", name);
        var folder = Directory.CreateTempSubdirectory("lm-ssh-");
        SshTunnel? tunnel = null;
        try
        {
            tunnel = new SshTunnel(folder, Start(name, host, $"{SocketIn(folder)}:{path}"));
            var limit = Stopwatch.StartNew();
            while (!File.Exists(SocketIn(folder)))
            {
                if (tunnel._ssh.HasExited || limit.Elapsed > patience)
                    throw tunnel.Failed(name, patience);
                await Task.Delay(Step, cancellationToken).ConfigureAwait(false);
            }

            return tunnel;
        }
        catch
        {
            if (tunnel is not null)
                await tunnel.DisposeAsync().ConfigureAwait(false);
            else
                folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _ssh.Kill();
            await _ssh.WaitForExitAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }

        _ssh.Dispose();
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Removed by somebody who tidies up /tmp.
        }
    }

    private LiveMigrationException Failed(string name, TimeSpan patience)
    {
        if (!_ssh.HasExited)
            return new LiveMigrationException(Faults.HostNotAnswering, $"{name}: ssh did not log in within {new Duration(patience)}.", name);
        _ssh.WaitForExit(); // Until its last words have been read.
        var fault = LibvirtFaults.Classify(LibvirtErrorCode.InternalError, _said ?? "");
        return new LiveMigrationException(fault == Faults.LibvirtFailed ? Faults.HostUnreachable : fault, $"{name}: {_said ?? "ssh failed."}", name);
    }

    private static Process Start(string name, HostUri host, string forward)
    {
        var start = new ProcessStartInfo(HostShell.Program(host), ["-N", "-o", "ExitOnForwardFailure=yes", "-o", "StreamLocalBindMask=0177", .. HostShell.Options(host, "yes"), "-L", forward, "--", host.Host.Trim('[', ']')])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (ExternalException error)
        {
            throw new LiveMigrationException(Faults.UriInvalid, $"'{start.FileName}' cannot be run: {error.Message}", name, error);
        }
    }

    private static string SocketIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "s");
}
