using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using LiveMigration.Errors;
using LiveMigration.Tracing;
using LiveMigration.Units;

namespace LiveMigration.Hosts;

/// <summary>
/// A shell on a host, over ssh as libvirt would use it: with the URI's user, port, key and program, keys of hosts strictly
/// checked, and never a question.
/// </summary>
internal sealed class HostShell
{
    /// <summary>As root, or as whom root trusts; the script comes on standard input.</summary>
    private const string AsRoot = "if [ \"$(id -u)\" -eq 0 ]; then exec sh -s; else exec sudo -n sh -s; fi";

    private readonly string _host;
    private readonly string _program;
    private readonly string[] _arguments;

    private HostShell(string host, string program, params string[] arguments)
    {
        _host = host;
        _program = program;
        _arguments = arguments;
    }

    internal static HostShell Local { get; } = new("localhost", "sh", "-c", AsRoot);

    /// <summary>A root's shell.</summary>
    internal static HostShell Over(string name, HostUri host) => host.IsLocal
        ? Local
        : new(name, Program(host), [.. Options(host, "yes"), "--", host.Host.Trim('[', ']'), AsRoot]);

    /// <summary>The shell of the user who logs in, or our own here, for what is only read.</summary>
    internal static HostShell AsUser(string name, HostUri host) => host.IsLocal
        ? new(name, "sh", "-s")
        : new(name, Program(host), [.. Options(host, "yes"), "--", host.Host.Trim('[', ']'), "exec sh -s"]);

    /// <summary>Says hello, and writes down a key that nobody has seen.</summary>
    internal static HostShell Greeting(string name, HostUri host) =>
        new(name, Program(host), [.. Options(host, "accept-new"), "--", host.Host.Trim('[', ']'), "true"]);

    /// <summary>Runs a script and gives what it put out.</summary>
    internal async Task<string> RunAsync(string script, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_program, _arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var span = Tracer.Call(Path.GetFileName(_program), "ssh", _host);
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await FeedAsync(process, script, cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode == 0)
                return await output.ConfigureAwait(false);
            throw Failed((await errors.ConfigureAwait(false)).Trim());
        }
        catch (OperationCanceledException)
        {
            End(process);
            throw;
        }
    }

    /// <summary>Runs a script and gives what it puts out to who reads it, piece by piece. A script that failed is none of its errors: who reads knows better.</summary>
    /// <returns>What was made of it, and the script's standard error.</returns>
    internal async Task<(T Made, string Errors)> ReadAsync<T>(string script, Func<Stream, Task<T>> read, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_program, _arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var span = Tracer.Call(Path.GetFileName(_program), "ssh", _host);
        using var process = Start(start);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await FeedAsync(process, script, cancellationToken).ConfigureAwait(false);
            var made = await read(process.StandardOutput.BaseStream).ConfigureAwait(false);
            // Who has read enough leaves the rest: nothing waits to be read.
            process.StandardOutput.Close();
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return (made, await errors.ConfigureAwait(false));
        }
        catch
        {
            End(process);
            throw;
        }
    }

    private LiveMigrationException Failed(string said)
    {
        var words = said.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0) ?? $"'{_program}' failed.";
        var fault = LibvirtFaults.Classify(LibvirtErrorCode.InternalError, said);
        if (fault == Faults.LibvirtFailed && (said.Contains("Permission denied", StringComparison.Ordinal) || said.Contains("sudo", StringComparison.Ordinal)
            || said.Contains("Read-only", StringComparison.Ordinal) || said.Contains("No space", StringComparison.Ordinal)))
            fault = Faults.CertificateNotWritable;
        return new LiveMigrationException(fault, $"{_host}: {words}", _host);
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (ExternalException error)
        {
            throw new LiveMigrationException(Faults.UriInvalid, $"'{_program}' cannot be run: {error.Message}", _host, error);
        }
    }

    /// <summary>A shell that is refused ends without reading; its own words tell why.</summary>
    private static async Task FeedAsync(Process process, string script, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(script.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    /// <summary>What runs as another user, as a local sudo does, may not be killed by us: it ends when its input does.</summary>
    private static void End(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Win32Exception)
        {
            try
            {
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has closed its own end before.
            }
        }
    }

    internal static string Program(HostUri host) => host.Get("command") ?? "ssh";

    /// <summary>The options of ssh that a URI stands for.</summary>
    internal static IEnumerable<string> Options(HostUri host, string strict)
    {
        yield return "-T";
        // A host that does not answer, or falls silent, ends the login and not the patience of who waits.
        foreach (var option in new[] { "BatchMode=yes", $"StrictHostKeyChecking={strict}", "ConnectTimeout=15", "ServerAliveInterval=5", "ServerAliveCountMax=3" })
        {
            yield return "-o";
            yield return option;
        }

        // libvirt gives known_hosts only to its other ssh transports; a file that is named is meant.
        if (host.Get("known_hosts") is { } known && host.Get("command") is null)
        {
            yield return "-o";
            yield return $"UserKnownHostsFile={known}";
        }

        if (host.Get("keyfile") is { } key)
        {
            yield return "-i";
            yield return key;
        }

        if (host is { Transport: "ssh", User: { } user })
        {
            yield return "-l";
            yield return user;
        }

        if (host is { Transport: "ssh", Port: { } port })
        {
            yield return "-p";
            yield return $"{port}";
        }
    }
}
