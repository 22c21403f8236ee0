using System.Globalization;

namespace LiveMigration.Migration.Qemu.Journals;

/// <summary>What a source's settings were before, as lines of a journal: <c>events=false</c>, <c>downtime-limit=300</c>, <c>tls-creds="x</c>.</summary>
internal static class QemuBefore
{
    /// <summary>Parameters that may be set during a migration, whatever it began with.</summary>
    internal static readonly string[] Limits = ["max-bandwidth", "max-postcopy-bandwidth", "downtime-limit"];

    internal static IEnumerable<string> Capabilities(QemuMigrationPlan plan) =>
        plan.SourceCapabilities.Keys.Where(plan.Before.Capabilities.ContainsKey).Select(name => $"{name}={Text(plan.Before.Capabilities[name])}");

    internal static IEnumerable<string> Parameters(QemuMigrationPlan plan) =>
        plan.SourceParameters.Keys.Union(Limits).Where(plan.Before.Parameters.ContainsKey).Select(name => $"{name}={Text(plan.Before.Parameters[name])}");

    /// <summary>The settings of such lines; what is none is left out.</summary>
    internal static Dictionary<string, object> Read(IEnumerable<string> lines) => lines.Select(line => line.Split('=', 2))
        .Where(pair => pair.Length == 2 && Value(pair[1]) is not null)
        .DistinctBy(pair => pair[0])
        .ToDictionary(pair => pair[0], pair => Value(pair[1])!);

    private static string Text(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        string text => $"\"{text}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static object? Value(string text) => text switch
    {
        "true" => true,
        "false" => false,
        ['"', .. var rest] => rest,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
