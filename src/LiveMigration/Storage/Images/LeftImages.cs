using System.Globalization;
using LiveMigration.State;

namespace LiveMigration.Storage.Images;

/// <summary>The images that domains of ours left on hosts.</summary>
internal sealed class LeftImages(StateStore state)
{
    private readonly RecordFolder _records = state.Records("left", "left-image");

    /// <summary>Writes down what is there now, in the place of what was written of it before; an image of which it is not known when it changed is nobody's.</summary>
    internal void Record(Guid domain, Guid host, Volume image)
    {
        foreach (var before in Entries().Where(entry => entry.Host == host && entry.Path == image.Path))
            Forget(before);
        // Text: a JSON number is a double to most, which has no nanoseconds.
        if (image.Changed is { } changed)
            _records.Write(Guid.NewGuid(), ("domain", domain), ("host", host), ("path", image.Path), ("length", image.Length), ("changed", changed.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The entry of an image that its domain left, and nobody has touched since; null where there is none.</summary>
    internal LeftImage? Find(Guid domain, Guid host, Volume image) =>
        Entries().FirstOrDefault(entry => entry.Domain == domain && entry.Host == host && entry.Path == image.Path && entry.Length == image.Length && entry.Changed == image.Changed);

    /// <summary>It is no more, or no longer ours.</summary>
    internal void Forget(LeftImage image) => _records.Remove(image.Token);

    private IEnumerable<LeftImage> Entries() => _records.Read().Select(Parse).OfType<LeftImage>();

    private static LeftImage? Parse(StateRecord record) =>
        record.Fields is var fields && fields.Id("domain") is { } domain && fields.Id("host") is { } host && fields["path"] is { } path && fields.Number("length") is { } length
        && decimal.TryParse(fields["changed"], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var changed)
            ? new LeftImage(record.Key!.Value, domain, host, path, length, changed)
            : null;
}
