using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Evacuation.Journals;
using LiveMigration.Hosts;

namespace LiveMigration.Evacuation;

/// <summary>The evacuations of this user on this machine, as recorded in their journals.</summary>
public static class HostEvacuations
{
    /// <summary>The ids of all, the oldest first.</summary>
    public static IReadOnlyList<string> Ids => JournalFiles.Ids;

    /// <summary>Reads one.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <exception cref="LiveMigrationException">There is none, or its journal cannot be read.</exception>
    public static HostEvacuation Get(string id)
    {
        // First whether it runs: what ends between the two questions is told as ended.
        var held = JournalFiles.IsRunning(id);
        return JournalFiles.Read(id).Tell(JournalFiles.File(id), held);
    }

    /// <summary>The hosts of an evacuation. Before it is resumed, <see cref="RecordedHost.CheckAsync"/> tells whether a connected host is one of them.</summary>
    /// <param name="id">The id of the evacuation.</param>
    public static IReadOnlyList<RecordedHost> HostsOf(string id) => [.. JournalFiles.Read(id).Hosts.Values];

    /// <summary>The plan that an evacuation started with, as changed since.</summary>
    /// <param name="id">The id of the evacuation.</param>
    public static EvacuationPlan PlanOf(string id) => JournalFiles.Read(id).Plan;

    /// <summary>Asks the process that carries it out, whichever it is, to start no further migration.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <param name="abort">Whether to abort those under way, too; otherwise they finish.</param>
    /// <exception cref="LiveMigrationException">No process carries it out.</exception>
    public static void RequestStop(string id, bool abort)
    {
        _ = JournalFiles.Read(id);
        if (!JournalFiles.IsRunning(id))
            throw new LiveMigrationException(Faults.EvacuationNotRunning, $"The evacuation {id} is not running.");
        File.WriteAllText(JournalFiles.StopRequest(id), abort ? "abort" : "finish");
    }

    /// <summary>Plans how the domains that an evacuation moved return from where they are now.</summary>
    /// <param name="id">The id of the evacuation.</param>
    /// <param name="hosts">Its hosts, connected under the names that it uses.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The plan, and what is not as the evacuation left it.</returns>
    public static async Task<(EvacuationPlan Plan, IReadOnlyList<string> Changes)> PlanReturnAsync(
        string id, IReadOnlyList<LibvirtHost> hosts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var history = JournalFiles.Read(id);
        var moved = history.Tell("", held: false).Domains.Where(domain => domain.State is EvacuatedState.Moved or EvacuatedState.Migrating or EvacuatedState.Unclear).ToArray();
        var now = await Task.WhenAll(hosts.Select(host => host.GetDomainsAsync(DomainQuery.All, cancellationToken))).ConfigureAwait(false);
        var places = now.SelectMany(domains => domains).Where(domain => domain.Status.IsActive).ToLookup(domain => domain.Uuid, domain => domain.HostName);
        return await Returning.PlanAsync(history.Plan, moved, places, hosts, cancellationToken).ConfigureAwait(false);
    }
}
