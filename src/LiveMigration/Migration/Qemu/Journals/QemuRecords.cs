using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Posix;
using LiveMigration.State;

namespace LiveMigration.Migration.Qemu.Journals;

/// <summary>A journal that was read: who the two are, and how far it came.</summary>
internal sealed record QemuRecords
{
    internal required string Id { get; init; }

    internal required StateRecord First { get; init; }

    internal required StateRecord Last { get; init; }

    internal required QemuHistory History { get; init; }

    internal string Name => First.Fields["name"] ?? Id;

    internal Guid Uuid => First.Fields.Id("uuid") ?? Guid.Empty;

    internal string Step => Last.Fields["step"] ?? QemuStep.Begin;

    internal string Source => First.Fields["source"] ?? "";

    internal string Destination => First.Fields["destination"] ?? "";

    internal string Controller => First.Fields["controller"] ?? "another machine";

    /// <summary>Reads one; null where it does not say who the two are.</summary>
    /// <exception cref="IOException">It cannot be read, or is gone.</exception>
    internal static QemuRecords? Read(LogFolder logs, string id)
    {
        var content = logs.Read(id);
        return content.Records is [{ Fields: var fields } first, ..] && fields["step"] is QemuStep.Begin && fields["source"] is not null && fields["destination"] is not null
            ? new QemuRecords { Id = id, First = first, Last = content.Records[^1], History = QemuHistory.Of(content.Records, content.IsComplete) }
            : null;
    }

    /// <summary>All that can be read.</summary>
    internal static IEnumerable<QemuRecords> ReadAll(StateStore store)
    {
        var logs = store.Logs(QemuJournal.Folder, QemuJournal.Kind);
        foreach (var id in logs.Ids)
        {
            QemuRecords? read = null;
            try
            {
                read = Read(logs, id);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is not ours.
            }

            if (read is not null)
                yield return read;
        }
    }

    /// <summary>Who says that a journal cannot be written, as its process lives.</summary>
    internal static LiveMigrationException Held(LogFolder logs, string id)
    {
        var read = Read(logs, id);
        return new LiveMigrationException(
            Faults.MigrationInProgress, $"'{read?.Name ?? id}' is being migrated by process {(read is null ? "?" : $"{read.Last.Writer.ProcessId}")} on {read?.Controller ?? "this machine"}: nothing was done.", read?.Source);
    }

    /// <summary>Whether a QEMU is the one that is at this side of it, and not a later one at its place.</summary>
    internal bool IsOf(QemuProcess process, string side, StateStore store) =>
        First.Fields[side] == process.Address.Whole && First.Writer.Machine == store.Self.Machine && (Uuid == Guid.Empty || process.Uuid == Uuid)
        && (LocalProcess(side) is not { } known || (First.Writer.Boot == store.Self.Boot && process.Process == known));

    /// <summary>The QEMU at one side: one of those that are connected, or one that is connected when it is needed.</summary>
    /// <param name="side"><c>source</c> or <c>destination</c>.</param>
    /// <param name="connected">Those that are.</param>
    /// <param name="store">Where this is written.</param>
    /// <exception cref="LiveMigrationException">It is on another machine, which cannot be reached from here.</exception>
    internal QemuProcess Process(string side, IReadOnlyList<QemuProcess> connected, StateStore store)
    {
        var address = QemuAddress.Parse(First.Fields[side]!);
        if (address.IsOfThisMachine && First.Writer.Machine != store.Self.Machine)
            throw new LiveMigrationException(Faults.NotSupported, $"The migration of '{Name}' was begun on {Controller}, where {address} is: end it there.", address.Text);
        if (connected.FirstOrDefault(process => IsOf(process, side, store)) is { } found)
            return found;

        var known = LocalProcess(side);
        // After a new start of its machine no process of before is there.
        var ended = (side is "source" && History.SourceEnded) || (known is not null && First.Writer.Boot != store.Self.Boot);
        return QemuProcess.Known(address, Name, Uuid, ended ? null : known, ended, store);
    }

    private LocalProcess? LocalProcess(string side) =>
        First.Fields.Number($"{side}-process") is { } id && First.Fields.Number($"{side}-started") is { } started ? new LocalProcess((int)id, started) : null;
}
