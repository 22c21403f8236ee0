using System.Xml.Linq;
using LiveMigration.Domains;
using LiveMigration.Hosts;

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
        DomainSnapshot domain, LibvirtHost destination, XElement target, Inventory inventory, bool blockersOnly, CancellationToken cancellationToken)
    {
        StatePlace[] places = [.. StatePlace.Of(target)];
        if (places.Length == 0)
            return None;
        var state = domain.State.Value;
        StatePlace[] own = [.. StatePlace.Of(domain.Xml.Value)];
        var (here, there) = await LookAsync(!blockersOnly).ConfigureAwait(false);
        // Whether libvirt knows that storage is shared only the host itself tells.
        if (blockersOnly && Array.Exists(places, place => place.IsTpm && Both(here, there, place.Path) is { } both && both.Here.MayBe(both.There)))
            (here, there) = await LookAsync(wantsShell: true).ConfigureAwait(false);
        // What is not there is nobody's: no other domain needs to be asked.
        var isAbsent = there.IsHad && Array.TrueForAll(places, place => there.Value.TryGetValue(place.Path, out var file) && file is null);
        var others = isAbsent ? [] : await inventory.Definitions.OfAsync(destination, cancellationToken).ConfigureAwait(false);
        return new(places, Uses(others, state.Uuid), here, there);

        async Task<(Fact<IReadOnlyDictionary<string, StateFile?>>, Fact<IReadOnlyDictionary<string, StateFile?>>)> LookAsync(bool wantsShell)
        {
            var source = Question.TryAsync(() => HereAsync(state.Host, own, places, wantsShell, cancellationToken));
            var target = Question.TryAsync(() => StateFile.AtAsync(destination, places, wantsShell, cancellationToken));
            return (await source.ConfigureAwait(false), await target.ConfigureAwait(false));
        }
    }

    /// <summary>What both hosts have at a place; null where one has nothing there, or does not tell.</summary>
    internal (StateFile Here, StateFile There)? Both(StatePlace place) => Both(Here, There, place.Path);

    private static (StateFile Here, StateFile There)? Both(Fact<IReadOnlyDictionary<string, StateFile?>> here, Fact<IReadOnlyDictionary<string, StateFile?>> there, string path) =>
        here.IsHad && there.IsHad && here.Value.GetValueOrDefault(path) is { } source && there.Value.GetValueOrDefault(path) is { } target ? (source, target) : null;

    /// <summary>By path, the domains but one that have their state there now, or have it there when they start.</summary>
    internal static ILookup<string, string> Uses(IEnumerable<DefinedDomain> domains, Guid except) => domains
        .Where(domain => domain.Domain.Uuid != except)
        .SelectMany(domain => (domain.Definitions ?? []).SelectMany(StatePlace.Of).Select(place => (place.Path, domain.Domain.Name)))
        .Distinct()
        .ToLookup(use => use.Path, use => use.Name);

    /// <summary>A definition for the destination may name other paths than the source's.</summary>
    private static async Task<IReadOnlyDictionary<string, StateFile?>> HereAsync(
        LibvirtHost source, IReadOnlyList<StatePlace> own, IReadOnlyList<StatePlace> places, bool wantsShell, CancellationToken cancellationToken)
    {
        var files = await StateFile.AtAsync(source, own, wantsShell, cancellationToken).ConfigureAwait(false);
        return own.Zip(places).Where(pair => files.ContainsKey(pair.First.Path)).DistinctBy(pair => pair.Second.Path).ToDictionary(pair => pair.Second.Path, pair => files[pair.First.Path]);
    }
}
