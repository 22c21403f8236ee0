using System.Globalization;
using LiveMigration.Ownership;

namespace LiveMigration.Storage.Images;

/// <summary>An image that a domain of ours left on a host when it moved onto a copy, as it was then: nobody needs it while it is still so.</summary>
/// <param name="Token">Identifies the entry.</param>
/// <param name="Domain">The domain's UUID.</param>
/// <param name="Host">The UUID of the host that has it.</param>
/// <param name="Path">Its path there.</param>
/// <param name="Length">The length of the file in bytes.</param>
/// <param name="Changed">When the file was last changed (<c>ctime</c>), in seconds.</param>
internal sealed record LeftImage(Guid Token, Guid Domain, Guid Host, string Path, long Length, decimal Changed)
{
    private const string Format = "left-1";
    private static readonly JournalFolder Folder = new("left");

    /// <summary>Writes down what is there now, in the place of what was written of it before; an image of which it is not known when it changed is nobody's.</summary>
    internal static void Record(Guid domain, Guid host, Volume image)
    {
        foreach (var before in Entries().Where(entry => entry.Host == host && entry.Path == image.Path))
            before.Forget();
        if (image.Changed is not { } changed)
            return;
        var entry = new LeftImage(Guid.NewGuid(), domain, host, image.Path, image.Length, changed);
        Folder.Write(entry.Token, entry.ToString());
    }

    /// <summary>The entry of an image that its domain left, and nobody has touched since; null where there is none.</summary>
    internal static LeftImage? Of(Guid domain, Guid host, Volume image) =>
        Entries().FirstOrDefault(entry => entry.Domain == domain && entry.Host == host && entry.Path == image.Path && entry.Length == image.Length && entry.Changed == image.Changed);

    /// <summary>It is no more, or no longer ours.</summary>
    internal void Forget() => Folder.Remove(Token);

    internal static LeftImage? Parse(string line)
    {
        try
        {
            return line.Split(' ') is [Format, var token, var domain, var host, var path, var length, var changed]
                ? new LeftImage(
                    Guid.Parse(token), Guid.Parse(domain), Guid.Parse(host), Uri.UnescapeDataString(path),
                    long.Parse(length, CultureInfo.InvariantCulture), decimal.Parse(changed, CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null; // Damaged, or not ours.
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Format} {Token} {Domain} {Host} {Uri.EscapeDataString(Path)} {Length} {Changed}");

    private static IEnumerable<LeftImage> Entries() => Folder.Lines().Select(Parse).OfType<LeftImage>();
}
