using LiveMigration.Errors;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Hosts;

namespace LiveMigration.Evacuation;

/// <summary>A host of an evacuation, as its journal records it: which machine a name stood for.</summary>
/// <param name="Name">The name that the evacuation uses.</param>
/// <param name="Uri">How it was connected.</param>
/// <param name="Uuid">The host's UUID; null when it was not known, or an earlier version wrote the journal.</param>
public sealed record RecordedHost(string Name, string Uri, Guid? Uuid)
{
    /// <summary>Whether a connected host is this one: by the UUID, or by the URI where one of the UUIDs is not known.</summary>
    /// <param name="host">The host that is connected now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">It is another one, or cannot be asked.</exception>
    public async Task CheckAsync(LibvirtHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (Mismatch(host.Uri.Text, await UuidAsync(host, cancellationToken).ConfigureAwait(false)) is { } why)
            throw new LiveMigrationException(Faults.HostNotTheSame, $"The host {Name} is not the one that the evacuation recorded: {why}. Nothing was changed.", Name);
    }

    /// <summary>Why a host is not this one; null when it is.</summary>
    internal string? Mismatch(string uri, Guid? uuid) => (Uuid, uuid) switch
    {
        ({ } recorded, { } now) => recorded == now ? null : $"its UUID is {now} ({uri}), and {recorded} ({Uri}) was recorded",
        _ when uri == Uri => null,
        _ => $"it is connected as {uri}, and {Uri} was recorded",
    };

    internal static RecordedHost Read(JournalStep step) =>
        new(step["name"]!, step["uri"]!, step.Fields.Id("uuid"));

    /// <summary>Records a host; that it does not tell its UUID is no reason not to begin.</summary>
    internal static async Task<RecordedHost> OfAsync(LibvirtHost host, CancellationToken cancellationToken)
    {
        try
        {
            return new RecordedHost(host.Name, host.Uri.Text, await UuidAsync(host, cancellationToken).ConfigureAwait(false));
        }
        catch (LiveMigrationException)
        {
            return new RecordedHost(host.Name, host.Uri.Text, null);
        }
    }

    internal JournalStep Write() => JournalStep.Of("host", ("name", Name), ("uri", Uri), ("uuid", Uuid));

    private static async Task<Guid?> UuidAsync(LibvirtHost host, CancellationToken cancellationToken) =>
        await host.GetUuidAsync(cancellationToken).ConfigureAwait(false);
}
