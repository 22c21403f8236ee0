using System.Globalization;
using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>How differences are made.</summary>
internal static class Verdicts
{
    /// <summary>One value on each side; what one of them does not say is unknown.</summary>
    internal static QemuDifference Of(string what, string? source, string? destination, QemuDifferenceVerdict verdict, string why, string remedy = "") =>
        source is null || destination is null ? NotAsked(what, source, destination)
        : source == destination ? new QemuDifference { What = what, Source = source, Destination = destination, Verdict = Equal }
        : new QemuDifference { What = what, Source = source, Destination = destination, Verdict = verdict, Why = why, Remedy = remedy };

    /// <summary>A size as the command line has it, exactly: <c>64M</c>, <c>131080K</c>.</summary>
    internal static string Size(long bytes) =>
        bytes % (1 << 30) == 0 && bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30}G")
        : bytes % (1 << 20) == 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}M")
        : bytes % (1 << 10) == 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10}K")
        : bytes.ToString(CultureInfo.InvariantCulture);

    internal static QemuDifference NotAsked(string what, string? source, string? destination) => new()
    {
        What = what,
        Source = source,
        Destination = destination,
        Verdict = Unknown,
        Why = $"{(source is null ? destination is null ? "Neither QEMU says" : "The source does not say" : "The destination does not say")} what it has there.",
    };

    /// <summary>Something that only the source has.</summary>
    internal static QemuDifference Missing(string what, string source, QemuDifferenceVerdict verdict, string why, string remedy) =>
        new() { What = what, Source = source, Verdict = verdict, Why = why, Remedy = remedy };

    /// <summary>Something that only the destination has.</summary>
    internal static QemuDifference Extra(string what, string destination, QemuDifferenceVerdict verdict, string why, string remedy) =>
        new() { What = what, Destination = destination, Verdict = verdict, Why = why, Remedy = remedy };
}
