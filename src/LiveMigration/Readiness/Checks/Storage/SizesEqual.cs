using LiveMigration.Errors;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM083: QEMU copies between images of equal virtual size.</summary>
internal sealed class SizesEqual() : ImageCheck("LM083", "Existing images on the destination match the disks' size and format", Faults.ImagesDiffer)
{
    private protected override string Evidence(DiskMove move, string destination) =>
        move.MakesImage ? $"{move.Destination} is created with {Size(move)}." : $"{move.Destination} also has {Size(move)}.";

    private protected override string? Fix(ReadinessFacts facts, Fault reason) => Elsewhere(facts);
}
