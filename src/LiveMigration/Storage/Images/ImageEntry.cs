using System.Globalization;
using LiveMigration.Ownership;

namespace LiveMigration.Storage.Images;

/// <summary>An image that we are about to make, or have made, for a migration.</summary>
/// <param name="Token">Identifies the entry.</param>
/// <param name="Domain">The domain's UUID.</param>
/// <param name="Host">The UUID of the host that gets the image.</param>
/// <param name="Pool">The pool that gets it, or the folder where no pool has that.</param>
/// <param name="Name">Its name there.</param>
/// <param name="IsMade">Whether libvirt said that it made it; before that, what is there may be somebody else's.</param>
/// <param name="Writer">Who makes it.</param>
internal sealed record ImageEntry(Guid Token, Guid Domain, Guid Host, string Pool, string Name, bool IsMade, JournalWriter Writer)
{
    private const string Format = "image-1";

    /// <summary>Whether it is in a folder without a pool.</summary>
    internal bool IsInFolder => Pool.StartsWith('/');

    internal static ImageEntry? Parse(string line)
    {
        try
        {
            return line.Split(' ') is [Format, var token, var domain, var host, var pool, var name, var made, var process, var start]
                ? new ImageEntry(
                    Guid.Parse(token), Guid.Parse(domain), Guid.Parse(host), Uri.UnescapeDataString(pool), Uri.UnescapeDataString(name), made == "made",
                    new JournalWriter(int.Parse(process, CultureInfo.InvariantCulture), long.Parse(start, CultureInfo.InvariantCulture)))
                : null;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null; // Damaged, or not ours.
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Format} {Token} {Domain} {Host} {Uri.EscapeDataString(Pool)} {Uri.EscapeDataString(Name)} {(IsMade ? "made" : "planned")} {Writer.ProcessId} {Writer.ProcessStart}");
}
