using System.Text;

namespace LiveMigration.Tracing;

/// <summary>The labels of one series of a metric, in order. Two with the same labels are the same series.</summary>
internal sealed record MetricLabels
{
    private MetricLabels(string text) => Text = text;

    /// <summary>No labels.</summary>
    internal static MetricLabels None { get; } = new("");

    /// <summary>As a query string has them, which is how they are written down: <c>source=a&amp;destination=b</c>.</summary>
    internal string Text { get; }

    /// <summary>Their names and values.</summary>
    internal IEnumerable<(string Name, string Value)> All => Text.Length == 0 ? [] : Text.Split('&')
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (pair[0], pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : ""));

    /// <summary>What is not known is said so: Prometheus takes a label that is empty for one that is missing.</summary>
    internal static MetricLabels Of(params (string Name, string? Value)[] labels) => new(string.Join('&', labels.Select(label =>
        $"{label.Name}={Uri.EscapeDataString(Whole(string.IsNullOrEmpty(label.Value) ? "unknown" : label.Value))}")));

    /// <summary>Labels as they were written down.</summary>
    internal static MetricLabels Parse(string text) => new(text);

    /// <summary>A word of the code as a label has it: <c>PeerToPeer</c> → <c>peer_to_peer</c>.</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum
    {
        var word = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsUpper(letter) && word.Length > 0)
                word.Append('_');
            word.Append(char.ToLowerInvariant(letter));
        }

        return word.ToString();
    }

    /// <summary>For the meter.</summary>
    internal KeyValuePair<string, object?>[] ToTags() => [.. All.Select(label => KeyValuePair.Create(label.Name, (object?)label.Value))];

    /// <summary>A name may hold half of a surrogate pair, which no UTF-8 has.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
