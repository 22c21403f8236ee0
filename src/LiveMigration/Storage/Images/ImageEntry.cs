using LiveMigration.State;

namespace LiveMigration.Storage.Images;

/// <summary>An image that we are about to make, or have made, for a migration.</summary>
/// <param name="Token">Identifies the entry.</param>
/// <param name="Domain">The domain's UUID.</param>
/// <param name="Host">The UUID of the host that gets the image.</param>
/// <param name="Pool">The pool that gets it, or the folder where no pool has that.</param>
/// <param name="Name">Its name there.</param>
/// <param name="IsMade">Whether libvirt said that it made it; before that, what is there may be somebody else's.</param>
/// <param name="Writer">Who makes it.</param>
internal sealed record ImageEntry(Guid Token, Guid Domain, Guid Host, string Pool, string Name, bool IsMade, RecordWriter Writer)
{
    /// <summary>Whether it is in a folder without a pool.</summary>
    internal bool IsInFolder => Pool.StartsWith('/');
}
