using LiveMigration.Benchmarks.Measuring;

namespace LiveMigration.Benchmarks.Migrating;

/// <summary>virsh, in a shell for each host that has connected already.</summary>
internal sealed class VirshMover(IReadOnlyList<Shell> shells, IReadOnlyList<string> uris, MigrateOptions options) : Mover
{
    /// <summary>The flags that the core sets by itself for a persistent domain.</summary>
    internal static string[] Arguments(string guest, string destination, MigrateOptions options) =>
    [
        "migrate", "--live", "--persistent", "--undefinesource", "--abort-on-error",
        .. options.Direct ? Array.Empty<string>() : ["--p2p"],
        .. options.Unsafe ? ["--unsafe"] : Array.Empty<string>(),
        guest, destination,
    ];

    internal override Task MoveAsync(string guest, int from) =>
        shells[from].RunAsync(string.Join(' ', Arguments(guest, uris[1 - from], options)));
}
