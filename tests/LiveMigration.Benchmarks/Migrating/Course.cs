namespace LiveMigration.Benchmarks.Migrating;

/// <summary>The guest, where it is, and who watches: each run takes it to the other host.</summary>
internal sealed class Course(string guest, IReadOnlyList<Witness> witnesses)
{
    private int _at;

    internal string Guest => guest;

    internal async Task<Move> RunAsync(Mover mover)
    {
        var move = await Move.WatchAsync(mover, guest, _at, witnesses);
        _at = 1 - _at;
        return move;
    }
}
