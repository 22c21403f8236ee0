using System.Globalization;
using System.Security.Cryptography;
using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.State;

namespace LiveMigration.Migration.Qemu.Journals;

/// <summary>What a migration between two QEMUs writes down before each of its steps, for the process that has to end it when this one is gone.</summary>
internal sealed class QemuJournal : IDisposable
{
    internal const string Folder = "qemu-handovers";
    internal const string Kind = "qemu-handover";

    private readonly object _gate = new();
    private readonly LogFolder _logs;
    private RecordLog? _log;
    private string? _last;

    internal QemuJournal(StateStore store, string? id = null)
    {
        _logs = store.Logs(Folder, Kind);
        Id = id ?? $"{store.Now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(3)).ToLowerInvariant()}";
    }

    internal string Id { get; }

    /// <summary>Whether the source was seen to end: there is nothing left that anybody would have to know.</summary>
    internal bool IsHandedOver => _last is QemuStep.SourceEnded;

    /// <summary>Whether this process has told the source to send: a file may have been written since.</summary>
    internal bool HasSent { get; private set; }

    /// <summary>Begins it, with all that another process needs.</summary>
    /// <exception cref="LiveMigrationException">It cannot be written.</exception>
    internal void Begin(QemuMigrationPlan plan)
    {
        Open();
        Write(QemuStep.Begin,
        [
            ("name", plan.Source.Name),
            ("uuid", plan.Source.Uuid),
            ("controller", Environment.MachineName),
            .. Half("source", plan.Source),
            .. Half("destination", plan.Destination),
            ("running", plan.Executes),
            ("uri", QemuUri.WithoutCommand(plan.Uri)),
            ("incoming", QemuUri.WithoutCommand(plan.IncomingUri)),
            ("nonce", plan.Nonce?.Name),
            ("mapping", plan.Nonce?.SourceMapping),
            ("destination-mapping", plan.Nonce?.DestinationMapping),
            ("tls", plan.TlsFolder),
            ("stall-timeout", (long)plan.Options.StallTimeout.Value.TotalMilliseconds),
            ("post-copy", plan.Options.MayPostCopy),
            ("shared", FieldValue.List(plan.Source.Disks.Where(disk => !disk.ReadOnly).Select(disk => disk.Name).Except(plan.Copies.Select(copy => copy.Name)))),
            ("disks", FieldValue.List(plan.Copies.Select(copy => copy.Name))),
            ("files", FieldValue.List(plan.Copies.Select(copy => copy.Destination.File ?? ""))),
            ("images", FieldValue.List(plan.Destination.MadeImages)),
            ("capabilities", FieldValue.List(QemuBefore.Capabilities(plan))),
            ("parameters", FieldValue.List(QemuBefore.Parameters(plan))),
        ]);
    }

    /// <summary>Goes on with one whose process has ended.</summary>
    /// <exception cref="LiveMigrationException">Its process lives, or it cannot be written.</exception>
    internal void Open()
    {
        try
        {
            _log = _logs.TryOpen(Id) ?? throw QemuRecords.Held(_logs, Id);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(error);
        }
    }

    /// <summary>Writes a step down that is about to be taken.</summary>
    /// <exception cref="LiveMigrationException">It could not be written, and must not be taken.</exception>
    internal void Write(string step, params (string Name, FieldValue Value)[] fields)
    {
        lock (_gate)
        {
            try
            {
                _log?.Append([("step", step), .. fields]);
                _last = step;
                HasSent |= step is QemuStep.Migrate;
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                throw NotWritable(error);
            }
        }
    }

    /// <summary>Writes down what has happened, or is the same whether it is known or not. Null, or why it could not be written.</summary>
    internal string? Note(string step)
    {
        try
        {
            Write(step);
            return null;
        }
        catch (LiveMigrationException error)
        {
            return error.Message;
        }
    }

    /// <summary>It is over, and nobody needs to know more.</summary>
    internal void End()
    {
        lock (_gate)
        {
            if (_log is null)
                return;
            Dispose();
            try
            {
                _logs.Remove(Id);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The process that finds it asks both, and forgets it.
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _log?.Dispose();
            _log = null;
        }
    }

    private static IEnumerable<(string Name, FieldValue Value)> Half(string side, QemuProcess process) =>
        [(side, process.Address.Whole), ($"{side}-process", (long?)process.Process?.Id), ($"{side}-started", process.Process?.Start)];

    private LiveMigrationException NotWritable(Exception error) =>
        new(Faults.MigrationNotRecorded, $"The journal {_logs.FileOf(Id)} cannot be written: {error.Message.TrimEnd('.')}.", innerException: error);
}
