using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hosts;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Readiness.Gathering;

/// <summary>The VM's NVRAM and TPM state, and what the destination has at their places.</summary>
/// <param name="Places">Where they are on the destination.</param>
/// <param name="Users">Other domains of the destination, by the paths that they have their own in.</param>
/// <param name="Here">The files of the source, by the destination's paths.</param>
/// <param name="There">The files of the destination.</param>
internal sealed record DeviceStates(
    IReadOnlyList<StatePlace> Places,
    ILookup<string, string> Users,
    Fact<IReadOnlyDictionary<string, StateFile?>> Here,
    Fact<IReadOnlyDictionary<string, StateFile?>> There)
{
    internal static readonly DeviceStates None = new([], Array.Empty<string>().ToLookup(path => path), NoFiles, NoFiles);

    private static Fact<IReadOnlyDictionary<string, StateFile?>> NoFiles => Fact<IReadOnlyDictionary<string, StateFile?>>.Had(new Dictionary<string, StateFile?>());

    internal static async Task<DeviceStates> ReadAsync(
        DomainSnapshot domain, HostSnapshot destination, XElement target, bool blockersOnly, CancellationToken cancellationToken)
    {
        StatePlace[] places = [.. StatePlace.Of(target)];
        if (places.Length == 0)
            return None;
        var state = domain.State.Value;
        LibvirtDomain[] others = [.. destination.Domains.Value.Where(other => other.Uuid != state.Uuid && !other.Migrating)];
        var users = destination.Host.AskAsync(connection => others.SelectMany(other => Uses(connection, other)).ToLookup(use => use.Path, use => use.Name), cancellationToken);
        var here = Question.TryAsync(() => HereAsync(state.Host, [.. StatePlace.Of(domain.Xml.Value)], places, blockersOnly, cancellationToken));
        var there = Question.TryAsync(() => StateFile.AtAsync(destination.Host, places, blockersOnly, cancellationToken));
        return new(places, (await users.ConfigureAwait(false)).Value, await here.ConfigureAwait(false), await there.ConfigureAwait(false));
    }

    /// <summary>A definition for the destination may name other paths than the source's.</summary>
    private static async Task<IReadOnlyDictionary<string, StateFile?>> HereAsync(
        LibvirtHost source, IReadOnlyList<StatePlace> own, IReadOnlyList<StatePlace> places, bool blockersOnly, CancellationToken cancellationToken)
    {
        var files = await StateFile.AtAsync(source, own, blockersOnly, cancellationToken).ConfigureAwait(false);
        return own.Zip(places).Where(pair => files.ContainsKey(pair.First.Path)).DistinctBy(pair => pair.Second.Path).ToDictionary(pair => pair.Second.Path, pair => files[pair.First.Path]);
    }

    private static (string Path, string Name)[] Uses(Connection connection, LibvirtDomain domain)
    {
        try
        {
            using var native = connection.LookupByUuid(domain.Uuid);
            return [.. StatePlace.Of(XElement.Parse(native.GetXml(XmlView.Live))).Select(place => (place.Path, domain.Name))];
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
        {
            return [];
        }
    }
}
