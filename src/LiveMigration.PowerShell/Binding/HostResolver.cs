using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.PowerShell.Errors;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>What a user names a host → a connected host.</summary>
/// <param name="template">What a bare host name becomes; <c>NAME</c> stands for the name.</param>
internal sealed class HostResolver(string template)
{
    internal const string TemplateVariable = "LiveMigrationUriTemplate";
    internal const string TemplateEnvironment = "LIVEMIGRATION_URI_TEMPLATE";

    /// <summary>With the template that the variable, or else the environment, gives.</summary>
    internal static HostResolver For(object? variable) => new(
        variable?.ToString() is { Length: > 0 } preference ? preference
        : Environment.GetEnvironmentVariable(TemplateEnvironment) is { Length: > 0 } environment ? environment
        : HostUri.DefaultTemplate);

    /// <summary>The hosts that are meant: one, or with wildcards the connected ones whose names match.</summary>
    internal async Task<IReadOnlyList<LibvirtHost>> ResolveAllAsync(HostReference reference, CancellationToken cancellationToken)
    {
        if (!reference.HasWildcard)
            return [await ResolveAsync(reference, cancellationToken)];
        var pattern = WildcardPattern.Get(reference.Text, WildcardOptions.IgnoreCase);
        return [.. HostSessions.All.Where(host => pattern.IsMatch(host.Name))];
    }

    /// <summary>The same; that no host matches is an error.</summary>
    internal async Task<IReadOnlyList<LibvirtHost>> ResolveSomeAsync(HostReference reference, CancellationToken cancellationToken) =>
        await ResolveAllAsync(reference, cancellationToken) is { Count: > 0 } hosts ? hosts
            : throw new LiveMigrationException(CmdletFaults.HostNotConnected, $"No connected host matches '{reference}'. {Known()}", reference.Text);

    /// <summary>The one host that is meant, connected if need be.</summary>
    internal async Task<LibvirtHost> ResolveAsync(HostReference reference, CancellationToken cancellationToken)
    {
        if (reference.Host is { } given)
            return given;
        if (HostSessions.Find(reference.Text) is { } connected)
            return connected;
        var (name, uri) = Locate(reference);
        if (HostSessions.Find(uri) is { } same)
            return same;
        try
        {
            return await HostSessions.GetOrConnectAsync(name, uri, cancellationToken);
        }
        catch (LiveMigrationException error) when (!reference.IsUri)
        {
            throw Explain(reference.Text, uri, error);
        }
    }

    /// <summary>The name and the URI under which a host that is not connected would be.</summary>
    internal (string Name, HostUri Uri) Locate(HostReference reference)
    {
        if (reference.Text.Length == 0)
            throw new LiveMigrationException(CmdletFaults.InvalidHost, "The name of a host cannot be empty.");
        try
        {
            if (reference.IsUri)
                return HostUri.Parse(reference.Text) is var uri ? (ShortName(uri), uri) : default;
            return UriAliases.Read().TryGetValue(reference.Text, out var alias)
                ? (reference.Text, HostUri.Parse(alias))
                : (reference.Text, HostUri.FromName(reference.Text, template));
        }
        catch (FormatException error)
        {
            throw new LiveMigrationException(CmdletFaults.InvalidHost, $"{error.Message} {Known()}", reference.Text, error);
        }
    }

    /// <summary>The host in the URI, unless another connection has that name.</summary>
    private static string ShortName(HostUri uri)
    {
        var name = uri.IsInProcess ? uri.Driver : uri.IsLocal ? "localhost" : uri.Host;
        return HostSessions.Find(name) is { } other && other.Uri != uri ? uri.Text : name;
    }

    private static LiveMigrationException Explain(string text, HostUri uri, LiveMigrationException error)
    {
        var near = NearNames.Of(text, HostSessions.All.Select(host => host.Name).Concat(UriAliases.Read().Keys));
        var reason = error.Message.StartsWith($"{text}: ", StringComparison.Ordinal) ? error.Message[(text.Length + 2)..] : error.Message;
        return new LiveMigrationException(error.Fault, $"'{text}' was tried as {uri}: {reason} {NearNames.Ask(near) ?? Known()}", text, error);
    }

    private static string Known() =>
        HostSessions.All is { Count: > 0 } hosts ? $"Connected hosts: {string.Join(", ", hosts.Select(host => host.Name))}." : "No host is connected.";
}
