using LiveMigration.Errors;
using LiveMigration.Storage;

namespace LiveMigration.Readiness.Checks.Storage;

/// <summary>LM087: an image from an earlier migration, or of another VM.</summary>
internal sealed class NoImageInTheWay() : ImageCheck("LM087", "No existing image on the destination blocks a copy", Faults.DestinationImageExists, Faults.DestinationImageInUse)
{
    private protected override string Evidence(DiskMove move, string destination) =>
        move.MakesImage ? $"{move.Destination} does not exist yet." : $"{move.Destination} is overwritten, as requested.";

    /// <summary>Whose image it is may not be known: only what an earlier try of ours left is overwritten.</summary>
    private protected override string? Fix(ReadinessFacts facts, Fault reason) =>
        reason == Faults.DestinationImageExists && !DiskPlan.Overwrites(facts) ? "-CopyStorage Full" : Elsewhere(facts);

    private protected override string Words(ReadinessFacts facts, Fault reason) => reason == Faults.DestinationImageExists && DiskPlan.Overwrites(facts)
        ? $" Move it away on {facts.Destination.Name} if it is not needed there, or copy to another path."
        : "";
}
