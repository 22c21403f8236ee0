using LiveMigration.Streams;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>What a stream itself says of whether its guest ran: QEMU's run state, in a section of its own.</summary>
internal static class SavedRunState
{
    /// <summary>The section.</summary>
    internal const string Section = "globalstate";

    /// <summary>The word; null where the stream does not say.</summary>
    internal static string? Of(MigrationStream stream)
    {
        if (stream.Fields.FirstOrDefault(field => field.Device == Section && field.Field.StartsWith("runstate", StringComparison.Ordinal))?.Value is not string digits || digits.Length % 2 != 0)
            return null;
        try
        {
            var bytes = Convert.FromHexString(digits);
            return System.Text.Encoding.ASCII.GetString(bytes.AsSpan()[..(Array.IndexOf(bytes, (byte)0) is >= 0 and var end ? end : bytes.Length)]);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
