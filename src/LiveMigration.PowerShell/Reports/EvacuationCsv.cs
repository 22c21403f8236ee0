using System.Globalization;
using System.Text;
using LiveMigration.Evacuation;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Reports;

/// <summary>evacuations → CSV, one line for each VM.</summary>
internal static class EvacuationCsv
{
    private static readonly string[] Columns =
        ["Evacuation", "Name", "Uuid", "From", "To", "Wave", "PlannedStartMs", "PlannedMs", "PlannedBytes", "State", "StartMs", "Ms", "Tries", "Bytes", "DowntimeMs", "Fault", "Reason"];

    internal static string Write(IReadOnlyList<EvacuationStory> stories)
    {
        var text = new StringBuilder().AppendCsv(Columns);
        foreach (var story in stories)
        {
            foreach (var (move, domain) in story.Moves)
                text.AppendCsv(Line(story, move, domain));
            foreach (var stays in story.Plan.Unmovable)
                text.AppendCsv([story.Run?.Id, stays.Domain.Name, $"{stays.Domain.Uuid}", stays.Domain.Host, .. Enumerable.Repeat((string?)null, 5), $"{EvacuatedState.Unmovable}", .. Enumerable.Repeat((string?)null, 6), stays.Reason]);
        }

        return text.ToString();
    }

    private static string?[] Line(EvacuationStory story, PlannedMove move, EvacuatedDomain? domain) =>
    [
        story.Run?.Id, move.Domain.Name, $"{move.Domain.Uuid}", move.Source, domain?.Destination ?? move.Destination, Text(move.Wave),
        Milliseconds(move.Start), Milliseconds(move.Time), Text(move.Bytes), domain is null ? null : $"{domain.State}",
        domain?.StartTime is { } begin ? Text((long)(story.At(begin) * 1000)) : null, Milliseconds(domain?.Time), Text(domain?.Attempts),
        Text(domain?.Transferred), Milliseconds(domain?.Downtime), domain?.Fault?.Id, domain?.Error,
    ];

    private static string? Milliseconds(Duration? time) => Text(time?.Milliseconds);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
