namespace LiveMigration.Benchmarks.Migrating;

/// <summary>A way to move a guest from one host to the other.</summary>
internal abstract class Mover
{
    /// <summary>Ends when the user would know that the guest has moved.</summary>
    /// <param name="from">Index of the host where it is.</param>
    internal abstract Task MoveAsync(string guest, int from);
}
