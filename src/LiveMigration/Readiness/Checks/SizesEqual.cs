using LiveMigration.Errors;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM083: QEMU copies between images of equal virtual size.</summary>
internal sealed class SizesEqual() : ImageCheck("LM083", "Images that are there have the disks' size and format", Faults.ImagesDiffer)
{
    private protected override string Evidence(DiskMove move, string destination) =>
        move.MakesImage ? $"{move.Destination} is made with {Size(move)}." : $"{move.Destination} has {Size(move)} as well.";

    private protected override string Fix(ReadinessFacts facts, Fault reason) => Elsewhere(facts);
}
