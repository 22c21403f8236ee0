namespace LiveMigration.Storage.Images;

/// <summary>An image that a domain of ours left on a host when it moved onto a copy, as it was then: nobody needs it while it is still so.</summary>
/// <param name="Token">Identifies the entry.</param>
/// <param name="Domain">The domain's UUID.</param>
/// <param name="Host">The UUID of the host that has it.</param>
/// <param name="Path">Its path there.</param>
/// <param name="Length">The length of the file in bytes.</param>
/// <param name="Changed">When the file was last changed (<c>ctime</c>), in seconds.</param>
internal sealed record LeftImage(Guid Token, Guid Domain, Guid Host, string Path, long Length, decimal Changed);
