using LiveMigration.Errors;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM085: an overlay over another base is another disk.</summary>
internal sealed class BackingFilesSame() : ImageCheck("LM085", "Backing files of copied overlays are the same on the destination", Faults.NoBackingFile, Faults.BackingFileMissing, Faults.BackingFileDiffers)
{
    private protected override string Evidence(DiskMove move, string destination) =>
        move.Transfer is DiskTransfer.Incremental ? move.Evidence : "The whole disk is copied.";

    private protected override string? Fix(ReadinessFacts facts, Fault reason) => !DiskPlan.Overwrites(facts) ? "-CopyStorage Full"
        : Elsewhere(facts) is { } places ? $"-CopyStorage Full {places}"
        : null;
}
