using System.Globalization;
using LiveMigration.State;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>
/// What is known of a saved state, in a file beside it: a line of JSON with a checksum of its own. Not in the file itself, where it would be in
/// QEMU's way, and behind an encryption nobody could read it.
/// </summary>
internal static class StateSidecar
{
    private const string Kind = "saved-state";

    internal static byte[] Write(SavedState state) => RecordLine.Write(
        new StateRecord(Kind, state.SaveTime, RecordWriter.ThisProcess(), new RecordFields(
        [
            ("name", state.Name), ("uuid", (Guid?)state.Uuid), ("machineType", state.Machine), ("qemu", state.QemuVersion?.ToString()),
            ("saved", state.SaveTime.ToString("O", CultureInfo.InvariantCulture)), ("running", state.WasRunning), ("live", state.Live),
            ("length", state.Length), ("streamLength", state.StreamLength), ("sha256", state.Sha256), ("compression", Word(state.Compression)),
            ("encryption", Word(state.Encryption)), ("command", state.HasCommand), ("mappedRam", state.MappedRam), ("verified", state.Verified),
            ("disks", FieldValue.List(state.Disks.Select(disk => disk.Name))), ("diskFiles", FieldValue.List(state.Disks.Select(disk => disk.File))),
            ("diskChanges", FieldValue.List(state.Disks.Select(disk => disk.Changed?.ToString("O", CultureInfo.InvariantCulture) ?? ""))),
        ])),
        number: null);

    /// <summary>Reads it.</summary>
    /// <param name="bytes">The file beside the state.</param>
    /// <param name="path">The state's file.</param>
    /// <param name="host">Its host.</param>
    /// <returns>What it says, or why it says nothing.</returns>
    internal static (SavedState? State, string? Problem) Read(ReadOnlyMemory<byte> bytes, string path, string host)
    {
        var line = RecordLine.Read(bytes.Span is [.., (byte)'\n'] ? bytes[..^1] : bytes);
        if (line.Record is not { Kind: Kind } record)
            return (null, line.Problem ?? "is the record of something else");
        var fields = record.Fields;
        if (fields["sha256"] is not { Length: 64 } hash || fields.Number("length") is not { } length)
            return (null, "has no hash or no length");
        return (new SavedState
        {
            Name = fields["name"] ?? "",
            HostName = host,
            Path = path,
            Uuid = fields.Id("uuid") ?? Guid.Empty,
            Machine = fields["machineType"],
            QemuVersion = Version.TryParse(fields["qemu"], out var version) ? version : null,
            SaveTime = Time(fields["saved"]) ?? record.Time,
            WasRunning = fields.Flag("running"),
            Live = fields.Flag("live"),
            Length = length,
            StreamLength = fields.Number("streamLength"),
            Sha256 = hash,
            Compression = Enum.TryParse<StateCompression>(fields["compression"], ignoreCase: true, out var compression) ? compression : default,
            Encryption = Enum.TryParse<StateEncryption>(fields["encryption"], ignoreCase: true, out var encryption) ? encryption : default,
            HasCommand = fields.Flag("command"),
            MappedRam = fields.Flag("mappedRam"),
            Verified = fields.Flag("verified"),
            Disks = [.. Disks(fields)],
        }, null);
    }

    private static IEnumerable<SavedDisk> Disks(RecordFields fields)
    {
        var (names, files, changes) = (fields.Items("disks"), fields.Items("diskFiles"), fields.Items("diskChanges"));
        for (var number = 0; number < Math.Min(names.Count, files.Count); number++)
            yield return new SavedDisk(names[number], files[number], number < changes.Count ? Time(changes[number]) : null);
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
