namespace LiveMigration.Evacuation;

/// <summary>An evacuation at one moment.</summary>
/// <param name="Domains">How many domains are to move.</param>
/// <param name="Moved">How many have.</param>
/// <param name="Moving">How many are being migrated.</param>
/// <param name="Failed">How many will not.</param>
/// <param name="Percent">0 to 100, by what there is to send; never runs back.</param>
/// <param name="TimeLeft">The time left.</param>
public sealed record EvacuationProgress(int Domains, int Moved, int Moving, int Failed, int Percent, TimeSpan TimeLeft)
{
    /// <summary>For example <c>5 of 12 VMs moved, 4 under way</c>.</summary>
    public override string ToString() => $"{Moved} of {Domains} VMs moved, {Moving} migrating{(Failed > 0 ? $", {Failed} failed" : "")}";
}
