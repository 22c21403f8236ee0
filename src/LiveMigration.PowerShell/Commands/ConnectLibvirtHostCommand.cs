using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>uri → host.</summary>
[Cmdlet(VerbsCommunications.Connect, "LibvirtHost", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = OnlineHelp.Pages + "Connect-LibvirtHost.md")]
[OutputType(typeof(HostInfo))]
public sealed class ConnectLibvirtHostCommand : HostCmdlet
{
    private int _given;

    /// <summary>The hosts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("HostName", "Host", "ComputerName")]
    [ArgumentCompleter(typeof(HostCompleter))]
    public HostReference[] Uri { get; set; } = [];

    /// <summary>A short name for it.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The user to log in as.</summary>
    [Parameter]
    public string? User { get; set; }

    /// <summary>The private key to log in with (SSH).</summary>
    [Parameter]
    [SupportsWildcards]
    public string? KeyFile { get; set; }

    /// <summary>Accept the SSH key of a host that was never seen before.</summary>
    [Parameter]
    public SwitchParameter AcceptNewHostKey { get; set; }

    /// <summary>User name and password where the daemon asks for them (SASL).</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The interval of keep-alive messages to a silent host.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration KeepAliveInterval { get; set; } = HostOptions.Default.KeepAliveInterval;

    /// <summary>The number of unanswered keep-alive messages that end the connection.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int KeepAliveCount { get; set; } = HostOptions.Default.KeepAliveCount;

    /// <summary>The time limit for connecting.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime]
    public Duration Timeout { get; set; } = HostOptions.Default.ConnectTimeout;

    /// <summary>How to connect; null when nothing was said of it, and then a connection that there is stays as it is.</summary>
    private HostOptions? Options => !Says.Any(MyInvocation.BoundParameters.ContainsKey) ? null : HostOptions.Default with
    {
        Credential = Credential?.GetNetworkCredential(),
        KeepAliveInterval = KeepAliveInterval,
        KeepAliveCount = KeepAliveCount,
        ConnectTimeout = Timeout,
    };

    private static readonly string[] Says = [nameof(Credential), nameof(KeepAliveInterval), nameof(KeepAliveCount), nameof(Timeout)];

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        _given += Uri.Length;
        if (Name is not null && (IsTyped(nameof(Name)) ? _given : Uri.Length) > 1)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"-Name is for a single host, but {(IsTyped(nameof(Name)) ? _given : Uri.Length)} were specified.");
        var connecting = Uri.Select(host => (host, info: ConnectAsync(host, output, cancellationToken))).ToArray();
        foreach (var (host, info) in connecting)
        {
            try
            {
                if (await info is { } connected)
                    await output.WriteObjectAsync(connected);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(host.Text));
            }
        }

        WriteNotices(output);
    }

    /// <summary>Connects a host; null where that was not wanted.</summary>
    private async Task<HostInfo?> ConnectAsync(HostReference reference, PipelineOutput output, CancellationToken cancellationToken)
    {
        if (reference.OfDomain is { } domain)
            throw new LiveMigrationException(CmdletFaults.InvalidHost, $"'{domain}' is a VM, not a host. Its host is {reference.Text}.", reference.Text);
        var connected = reference.Host ?? HostSessions.Find(reference.Text);
        var (name, uri) = connected is null ? Hosts.Locate(reference) : (connected.Name, connected.Uri);
        if (User is not null)
            uri = uri.WithUser(User);
        if (KeyFile is not null)
            uri = uri.With("keyfile", KeyPath(KeyFile));
        // Where there is no such key, that is refused at once.
        var refused = AcceptNewHostKey && uri.Transport != "ssh";
        string?[] steps = [HostSessions.Foresee(Name, name, uri, Options), AcceptNewHostKey ? "write its SSH key into known_hosts, unless a key is known" : null];
        // A host that is connected already and stays as it is: nothing to ask about.
        if (!refused && string.Join(", and ", steps.OfType<string>()) is { Length: > 0 } what && !await output.ShouldProcessAsync($"{Capital(what)}.", $"{Capital(what)}?"))
            return null;
        if (AcceptNewHostKey)
            await HostKeys.AcceptNewAsync(Name ?? name, uri, cancellationToken);
        var host = await HostSessions.ConnectAsync(Name, name, uri, Options, cancellationToken);
        return await host.GetInfoAsync(cancellationToken);
    }

    /// <summary>The key's file. ssh goes on without one that is not there, and then says that the login failed.</summary>
    private string KeyPath(string file) => this.ToFile(file, CmdletFaults.KeyFileNotFound) is var path && File.Exists(path) ? path
        : throw new LiveMigrationException(CmdletFaults.KeyFileNotFound, $"The key file {path} does not exist.");

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
