using LiveMigration.Errors;
using LiveMigration.Units;

namespace LiveMigration.Hosts;

/// <summary>The keys by which hosts are known over ssh.</summary>
public static class HostKeys
{
    /// <summary>
    /// Writes the key of a host that nobody has seen into known_hosts, as <c>StrictHostKeyChecking=accept-new</c> does. A key that has
    /// changed is refused as ever. libvirt's own <c>no_verify</c> would take that, too.
    /// </summary>
    /// <param name="name">The host's name for messages.</param>
    /// <param name="uri">Where it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">The host cannot be reached, or its key is another one than before.</exception>
    public static async Task AcceptNewAsync(string name, HostUri uri, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (uri.Transport != "ssh")
            throw new LiveMigrationException(Faults.ContradictingOptions, $"{uri} does not use ssh, so there is no host key to accept.", name);
        try
        {
            await HostShell.Greeting(name, uri).RunAsync("", cancellationToken).ConfigureAwait(false);
        }
        catch (LiveMigrationException error) when (error.Fault != Faults.HostKeyRejected && error.Fault != Faults.HostNotFound && error.Fault != Faults.HostUnreachable)
        {
            // The key is known now. What else there is, the connection itself says better.
        }
    }
}
