using System.Globalization;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>A disk that a saved state belongs to.</summary>
/// <param name="Name">What it is called: the id of the guest's device, the drive's own name, or the node's.</param>
/// <param name="File">Its file or device.</param>
/// <param name="Changed">When the file was last changed when the state was saved, by its host's clock; null where that is not known.</param>
public sealed record SavedDisk(string Name, string File, DateTimeOffset? Changed)
{
    /// <summary>What it is called.</summary>
    public override string ToString() => Name;

    /// <summary>Seconds with a fraction, as <c>stat</c> has them → a time; null for what is none.</summary>
    internal static DateTimeOffset? Time(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 253402300800m
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
}
