using LiveMigration.Hosts;

namespace LiveMigration.Storage.Images;

/// <summary>Pools over folders of one host, for as long as they are needed.</summary>
internal sealed class FolderLease(FolderPools pools, LibvirtHost host) : IAsyncDisposable
{
    private readonly Dictionary<string, string> _names = [];
    private readonly HashSet<string> _absent = [];

    /// <summary>Folders that were made for it, those below before those above them.</summary>
    internal List<string> Made { get; } = [];

    /// <summary>Whether there is any.</summary>
    internal bool IsUsed => _names.Count > 0;

    /// <summary>The pool over a folder; null where there is none.</summary>
    internal string? NameOf(string folder) => _names.GetValueOrDefault(folder);

    /// <summary>Whether the host has no such folder.</summary>
    internal bool IsAbsent(string folder) => _absent.Contains(folder);

    /// <param name="folder">The folder.</param>
    /// <param name="name">The pool over it.</param>
    /// <param name="made">It and those above it, as far as they were made for it.</param>
    internal void Add(string folder, string name, IReadOnlyList<string> made)
    {
        _names.Add(folder, name);
        Made.AddRange(made);
    }

    internal void AddAbsent(string folder) => _absent.Add(folder);

    public async ValueTask DisposeAsync()
    {
        foreach (var folder in _names.Keys)
            await pools.CloseAsync(host, folder).ConfigureAwait(false);
        _names.Clear();
    }
}
