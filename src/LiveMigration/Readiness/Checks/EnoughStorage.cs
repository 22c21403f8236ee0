using LiveMigration.Errors;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM084: a copied image may come to use its whole virtual size.</summary>
internal sealed class EnoughStorage() : ImageCheck("LM084", "The destination has space for the copied disks", Faults.InsufficientStorage)
{
    private protected override string Evidence(DiskMove move, string destination) =>
        move.Pool is { IsActive: true } pool ? $"{move.Bytes} now, at most {move.Capacity}; {destination} has {new Units.ByteSize(pool.Available)} free in '{pool.Name}'." : $"{move.Bytes} now, at most {move.Capacity}.";

    private protected override string Fix(ReadinessFacts facts, Fault reason) => "-AllowStorageOvercommit";
}
