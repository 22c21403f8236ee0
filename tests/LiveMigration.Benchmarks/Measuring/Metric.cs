using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveMigration.Benchmarks.Measuring;

/// <summary>One measured number, printed as one JSON line.</summary>
/// <param name="Name">What was measured, from the general to the special, with dots.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit.</param>
internal sealed record Metric(string Name, double Value, string Unit)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The lower and upper quartile, where the value is a median.</summary>
    public double[]? Quartiles { get; init; }

    /// <summary>What the value should be at most.</summary>
    public double? Aim { get; init; }

    /// <summary>Whether it is.</summary>
    public bool? Met => Aim is { } most ? Value <= most : null;

    /// <summary>What is in the number, where that could be asked.</summary>
    public string? Includes { get; init; }

    internal static Metric Median(string name, IReadOnlyCollection<double> samples, string unit) =>
        new(name, Samples.Median(samples), unit) { Quartiles = [Round(Samples.Quantile(samples, 0.25)), Round(Samples.Quantile(samples, 0.75))] };

    /// <summary>Prints that there is no number, and why.</summary>
    internal static void Refused(string name, string why) => Console.WriteLine(JsonSerializer.Serialize(new { name, refused = why }, Json));

    internal void Print() => Console.WriteLine(JsonSerializer.Serialize(this with { Value = Round(Value) }, Json));

    private static double Round(double value) => value == 0 ? 0 : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6));
}
