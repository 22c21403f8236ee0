using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiveMigration.State;

namespace LiveMigration.Evacuation.Journals;

/// <summary>
/// The lines of a journal that version 0.1 began: <c>CHECKSUM TIME STEP FIELD=VALUE ...</c>, each checksum over the one before it and its line.
/// What follows where it is resumed are records. To be removed after 0.2.
/// </summary>
internal sealed class OldJournal
{
    private const int ChecksumLength = 16;

    private static readonly HashSet<string> Numbers =
    [
        "bandwidth", "outgoing", "incoming", "headroom", "aloneFrom", "overhead", "makespan", "bound", "attempts", "maxFailures", "canary", "maxDowntime", "prepare", "most",
        "reserved", "vcpus", "memory", "disks", "dirty", "priority", "wave", "start", "time", "bytes", "downtime",
    ];

    private static readonly HashSet<string> Flags = ["makeRoom", "return", "autoConverge", "postCopy", "unsafe", "alone", "endless", "autostart", "pauses"];

    private static readonly HashSet<string> Lists = ["sources", "destinations", "assumeShared", "loseSnapshots", "skipReadiness", "or", "after", "links", "storage"];

    private string? _last = "";

    internal static Func<string, StateRecord?> Reader() => new OldJournal().Read;

    /// <summary>After a line that was altered none is known to be as it was written.</summary>
    private StateRecord? Read(string line)
    {
        if (_last is null || line.Length <= ChecksumLength || Checksum(_last, line[(ChecksumLength + 1)..]) != line[..ChecksumLength])
        {
            _last = null;
            return null;
        }

        _last = line[..ChecksumLength];
        try
        {
            return Parse(line[(ChecksumLength + 1)..].Split(' '));
        }
        catch (Exception error) when (error is FormatException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static StateRecord? Parse(string[] words)
    {
        var (step, fields) = (words[1], words.Skip(2).Select(word => word.Split('=', 2)).Select(pair => (Name: pair[0], Text: Uri.UnescapeDataString(pair[1]))).ToList());
        if (step == "begin" && !fields.Remove(("version", "1")))
            return null;
        return new StateRecord(
            "evacuation", DateTimeOffset.Parse(words[0], CultureInfo.InvariantCulture), default, new RecordFields([("step", step), .. fields.Select(field => (field.Name, Value(step, field.Name, field.Text)))]));
    }

    private static FieldValue Value(string step, string name, string text) =>
        Flags.Contains(name) ? text == "yes"
        // "Unlimited" was the largest number of 64 bits without a sign.
        : Numbers.Contains(name) ? text.StartsWith('-') ? long.Parse(text, CultureInfo.InvariantCulture) : (long)Math.Min(ulong.Parse(text, CultureInfo.InvariantCulture), long.MaxValue)
        : Lists.Contains(name) && (step, name) is not ("limits", "storage") ? FieldValue.List(text.Length == 0 ? [] : text.Split(',').Select(Uri.UnescapeDataString))
        : text;

    private static string Checksum(string last, string record) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(last + record)))[..ChecksumLength].ToLowerInvariant();
}
