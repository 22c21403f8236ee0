using LiveMigration.PowerShell.Errors;
using LiveMigration.Errors;

namespace LiveMigration.PowerShell.Binding;

/// <summary>The names of a host, whether it is connected or not: a host without certificates often cannot be, yet.</summary>
internal static class HostNames
{
    /// <summary>The short name, fit for a folder, and what the host is known to be called.</summary>
    internal static async Task<(string Name, IReadOnlyList<string> Names)> NamesAsync(
        this HostResolver resolver, HostReference reference, CancellationToken cancellationToken)
    {
        if ((reference.Host ?? HostSessions.Find(reference.Text)) is { } host)
        {
            var info = await host.GetInfoAsync(cancellationToken);
            return (Fit(host.Name, host.Uri.Host), [.. new[] { info.MachineName, host.Uri.Host }.Where(name => name.Length > 0)]);
        }

        var (name, uri) = resolver.Locate(reference);
        if (uri.IsLocal && reference.IsUri)
            throw new LiveMigrationException(CmdletFaults.InvalidHost, $"'{reference}' is this machine: specify the name by which other hosts reach it.");
        return (Fit(name, uri.Host), uri.IsLocal ? [name] : [uri.Host]);
    }

    private static string Fit(string name, string host) =>
        name.AsSpan().IndexOfAny("/\\:") >= 0 ? host.Trim('[', ']').Replace(':', '_') : name;
}
