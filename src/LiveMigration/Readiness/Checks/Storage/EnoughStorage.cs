using LiveMigration.Errors;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM084: a copied image may come to use its whole virtual size.</summary>
internal sealed class EnoughStorage() : ImageCheck("LM084", "The destination has enough space for the copied disks", Faults.InsufficientStorage)
{
    private protected override string Evidence(DiskMove move, string destination) =>
        move.Pool is { IsActive: true } pool ? $"{move.Amount} now, at most {Size(move)}; {destination} has {new ByteSize(pool.Available)} free in '{pool.Name}'." : $"{move.Amount} now, at most {Size(move)}.";

    private protected override string Fix(ReadinessFacts facts, Fault reason) => "-AllowStorageOvercommit";
}
