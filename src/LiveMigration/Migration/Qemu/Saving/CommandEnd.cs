using System.Globalization;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>How the command has ended that QEMU ran, which QEMU itself does not look at.</summary>
/// <param name="Statuses">Its programs and their statuses, in the order of the pipeline; none where it ended without saying how.</param>
/// <param name="Sha256">The hash of what it has written; null where it did not come to its end.</param>
/// <param name="Length">Bytes of the file; null where there is none.</param>
/// <param name="Words">What its programs complained of.</param>
/// <param name="IsComplete">Whether each of its programs has said how it ended.</param>
internal sealed record CommandEnd(IReadOnlyList<(string Name, int Status)> Statuses, string? Sha256, long? Length, string Words, bool IsComplete)
{
    /// <summary>What is said where not all programs have said how they ended.</summary>
    internal const string Unknown = "how its programs ended is not known: something was killed";

    private const string Separator = "--\n";

    private const string SizeMark = "size ";

    /// <summary>Why what it wrote counts for nothing; null where all its programs have succeeded.</summary>
    internal string? Complaint => Statuses.Count == 0 ? $"the command did not begin, or was killed{Tail(Words)}"
        : ShellPipeline.Culprit(Statuses) is { } culprit ? Describe(culprit, Words)
        : !IsComplete ? $"{Unknown}{Tail(Words)}"
        : Sha256 is null ? "sha256sum gave no hash" : null;

    /// <summary>Why what QEMU was sent counts for nothing. A QEMU that has all may leave the rest, of which there is none that counts.</summary>
    internal string? ReadingComplaint => Statuses.Count == 0 ? $"the command did not begin, or was killed{Tail(Words)}"
        : ShellPipeline.ReadingCulprit(Statuses) is { } culprit ? Describe(culprit, Words)
        : !IsComplete ? $"{Unknown}{Tail(Words)}"
        : Sha256 is null ? "sha256sum gave no hash" : null;

    /// <summary>Reads what <see cref="StatePlace.Await"/> puts out.</summary>
    internal static CommandEnd Read(string said)
    {
        var parts = said.Split(Separator, 3);
        var size = parts.Length > 1 && parts[1].StartsWith(SizeMark, StringComparison.Ordinal)
            && long.TryParse(parts[1].AsSpan(SizeMark.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : (long?)null;
        return new(ShellPipeline.Statuses(parts[0]), ShellPipeline.Hash(parts[0]), size, parts.Length > 2 ? parts[2] : "", ShellPipeline.IsComplete(parts[0]));
    }

    /// <summary>A program's failure as a part of a sentence.</summary>
    internal static string Describe((string Name, int Status) culprit, string words) => culprit.Name switch
    {
        StateEncoding.Own => $"the command ended with {culprit.Status}{Tail(words)}",
        StateEncoding.Write or "sync" => $"the file could not be written{Tail(words)}",
        StateEncoding.Read => $"the file could not be read{Tail(words)}",
        _ => $"{culprit.Name} ended with {culprit.Status}{Tail(words)}",
    };

    /// <summary>The last lines, as a part of a sentence.</summary>
    private static string Tail(string words)
    {
        var lines = words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "" : $" ({string.Join("; ", lines.TakeLast(3)).TrimEnd('.')})";
    }
}
