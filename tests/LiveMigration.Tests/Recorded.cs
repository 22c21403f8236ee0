using System.Xml.Linq;

namespace LiveMigration.Tests;

/// <summary>The files in Recorded/: what real hosts wrote.</summary>
internal static class Recorded
{
    public static string Text(string file)
    {
        using var stream = typeof(Recorded).Assembly.GetManifestResourceStream(file)
            ?? throw new ArgumentException($"There is no Recorded/{file}.", nameof(file));
        return new StreamReader(stream).ReadToEnd();
    }

    public static XElement Xml(string file) => XElement.Parse(Text(file));
}
