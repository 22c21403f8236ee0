using System.Text;

namespace LiveMigration.Units;

/// <summary>A libvirt connection URI: <c>driver[+transport]://[user@][host][:port]/path[?parameters]</c>.</summary>
/// <remarks>https://libvirt.org/uri.html</remarks>
public sealed record HostUri
{
    /// <summary>What a bare host name becomes; <c>NAME</c> stands for the name.</summary>
    public const string DefaultTemplate = "qemu+ssh://NAME/system";

    // Parameters that speak of files and sockets on the client: they mean nothing, or something else, on another host.
    // libvirt does not look at their case.
    private static readonly HashSet<string> ClientOnly = new(StringComparer.OrdinalIgnoreCase)
    {
        "keyfile", "known_hosts", "known_hosts_verify", "no_verify", "no_tty", "no_sanity", "command", "socket", "pkipath", "authfile",
        "sshauth", "netcat", "proxy", "mode", "name",
    };

    // https://libvirt.org/drivers.html. libvirt takes any other word for that of a remote daemon, and speaks of certificates then.
    private static readonly HashSet<string> Drivers = new(StringComparer.OrdinalIgnoreCase)
    {
        "qemu", "xen", "lxc", "ch", "bhyve", "vz", "parallels", "openvz", "test", "remote", "vbox",
        "esx", "gsx", "vpx", "vmwareplayer", "vmwarews", "vmwarefusion", "hyperv", "phyp", "jailhouse", "xenapi", "uml",
    };

    private static readonly HashSet<string> Transports = new(StringComparer.OrdinalIgnoreCase) { "ssh", "tls", "tcp", "unix", "ext", "libssh", "libssh2" };

    private readonly Uri _uri;

    private HostUri(Uri uri, string text)
    {
        _uri = uri;
        Text = text;
    }

    /// <summary>The URI as libvirt takes it.</summary>
    public string Text { get; }

    /// <summary>The hypervisor driver: <c>qemu</c>, <c>test</c>, …</summary>
    public string Driver => _uri.Scheme.Split('+')[0];

    /// <summary>The transport: <c>ssh</c>, <c>tls</c>, <c>tcp</c>, <c>unix</c>, …; libvirt takes TLS when a host is named and nothing else is.</summary>
    public string Transport => _uri.Scheme.Split('+') is [_, var transport] ? transport : IsLocal ? "unix" : "tls";

    /// <summary>The host's name or address; empty for a local daemon.</summary>
    public string Host => _uri.Host;

    /// <summary>The user to log in as; null where the URI names none.</summary>
    public string? User => _uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(_uri.UserInfo);

    /// <summary>The port; null where the URI names none.</summary>
    public int? Port => _uri.Port > 0 ? _uri.Port : null;

    /// <summary>Whether this speaks to a daemon on the client's own machine, through its socket.</summary>
    public bool IsLocal => _uri.Host.Length == 0;

    /// <summary>Whether the path is a file or a driver inside the client and no daemon (<c>test:///default</c>).</summary>
    public bool IsInProcess => Driver == "test";

    /// <summary>Reads a URI.</summary>
    /// <param name="text">For example <c>qemu+ssh://root@host1/system</c>.</param>
    /// <exception cref="FormatException">The text is not a connection URI.</exception>
    public static HostUri Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !text.Contains("://", StringComparison.Ordinal))
            throw new FormatException($"'{text}' is not a libvirt URI. Write it as qemu+ssh://HOST/system, qemu+tls://HOST/system or qemu:///system.");
        if (uri.UserInfo.Contains(':'))
            throw new FormatException("A libvirt URI cannot contain a password: use a credential instead.");
        var driver = uri.Scheme.Split('+')[0];
        if (Transports.Contains(driver))
            throw new FormatException($"'{text}' names no libvirt driver, only how to reach the host. Write it as qemu+{text}.");
        if (!Drivers.Contains(driver))
            throw new FormatException($"libvirt has no driver '{driver}' ('{text}'). Write it as qemu+ssh://HOST/system, qemu+tls://HOST/system or qemu:///system.");
        return new HostUri(uri, text);
    }

    /// <summary>The URI for a bare host name.</summary>
    /// <param name="name">A host name or address.</param>
    /// <param name="template">A URI in which <c>NAME</c> stands for the name.</param>
    public static HostUri FromName(string name, string template = DefaultTemplate)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(template);
        var kind = Uri.CheckHostName(name);
        if (kind is UriHostNameType.Unknown)
            throw new FormatException($"'{name}' is neither a libvirt URI nor a host name.");
        var host = kind is UriHostNameType.IPv6 && !name.StartsWith('[') ? $"[{name}]" : name;
        return Parse(template.Replace("NAME", host, StringComparison.Ordinal));
    }

    /// <summary>The same URI for another user.</summary>
    /// <param name="user">The user's name.</param>
    public HostUri WithUser(string user) => Parse(new UriBuilder(_uri) { UserName = Uri.EscapeDataString(user) }.Uri.AbsoluteUri);

    /// <summary>The same URI with a parameter set, replacing an earlier value.</summary>
    /// <param name="name">The parameter, for example <c>keyfile</c>.</param>
    /// <param name="value">Its value.</param>
    public HostUri With(string name, string value)
    {
        var parameters = Parameters().Where(pair => !IsNamed(pair, name)).Append(new(name, value));
        return Parse(WithoutQuery() + "?" + Join(parameters));
    }

    /// <summary>Whether a parameter is there.</summary>
    /// <param name="name">The parameter, for example <c>keyfile</c>.</param>
    public bool Has(string name) => Parameters().Any(pair => IsNamed(pair, name));

    /// <summary>A parameter's value; null when it is not there.</summary>
    /// <param name="name">The parameter, for example <c>keyfile</c>.</param>
    public string? Get(string name) => Parameters().Where(pair => IsNamed(pair, name)).Select(pair => pair.Value).FirstOrDefault();

    /// <summary>
    /// The URI as another host would use it: without what speaks of files and sockets on the client. Null for a local daemon,
    /// which another host cannot reach under this URI.
    /// </summary>
    public HostUri? ForPeer()
    {
        if (IsLocal)
            return null;
        var kept = Parameters().Where(pair => !ClientOnly.Contains(pair.Key)).ToArray();
        return Parse(kept.Length == 0 ? WithoutQuery() : WithoutQuery() + "?" + Join(kept));
    }

    /// <inheritdoc/>
    public bool Equals(HostUri? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The URI as libvirt takes it.</summary>
    public override string ToString() => Text;

    private string WithoutQuery() => Text.Split('?', 2)[0];

    private static bool IsNamed(KeyValuePair<string, string> parameter, string name) =>
        parameter.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<KeyValuePair<string, string>> Parameters() =>
        _uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0], pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : ""));

    private static string Join(IEnumerable<KeyValuePair<string, string>> parameters) =>
        new StringBuilder().AppendJoin('&', parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value).Replace("%2F", "/", StringComparison.Ordinal)}")).ToString();
}
