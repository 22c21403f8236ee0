using LiveMigration.Errors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.Planning;
using LiveMigration.State;

namespace LiveMigration.Migration.Qemu;

/// <summary>The migrations between QEMUs that a user's processes have begun, and that have not come to a known end.</summary>
/// <param name="state">Where they are written down.</param>
public sealed class QemuMigrations(StateStore state)
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    private readonly LogFolder _logs = state.Logs(QemuJournal.Folder, QemuJournal.Kind);

    /// <summary>All of them, the oldest first: those that were interrupted, and those that another process carries out.</summary>
    public IReadOnlyList<QemuMigrationRecord> List() => [.. QemuRecords.ReadAll(state).Select(Tell)];

    /// <summary>The one that was interrupted and is about a QEMU, as its source or its destination; null where there is none.</summary>
    internal static QemuMigrationRecord? InterruptedOf(QemuProcess source)
    {
        var records = QemuRecords.ReadAll(source.Store).FirstOrDefault(records => records.IsOf(source, "source", source.Store) || records.IsOf(source, "destination", source.Store));
        return records is null ? null : new QemuMigrations(source.Store).Tell(records);
    }

    /// <summary>Asks both QEMUs of a migration that was interrupted how they are, and says what ends it. Nothing is changed.</summary>
    /// <param name="id">Which.</param>
    /// <param name="connected">QEMUs that are connected: a monitor takes one client only.</param>
    /// <param name="sourceEnded">Whether the source is known to have ended, though that cannot be seen from here.</param>
    /// <param name="destinationEnded">Whether the destination is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LiveMigrationException">There is none of that id, or another process carries it out.</exception>
    public async Task<QemuResumePlan> PlanResumeAsync(
        string id, IReadOnlyList<QemuProcess>? connected = null, bool sourceEnded = false, bool destinationEnded = false, CancellationToken cancellationToken = default)
    {
        var records = Read(id);
        if (_logs.IsHeld(id))
            throw QemuRecords.Held(_logs, id);
        var plan = new QemuResumePlan
        {
            Records = records,
            Record = Tell(records),
            Source = records.Process("source", connected ?? [], state),
            Destination = records.Process("destination", connected ?? [], state),
            SourceEnded = sourceEnded,
            DestinationEnded = destinationEnded,
        };
        return await LookAsync(plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends a migration that was interrupted, as both QEMUs are now.</summary>
    /// <param name="plan">What is to be done: where it is something else by now, nothing is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The migration; null where there was nothing to do.</returns>
    /// <exception cref="LiveMigrationException">Another process does so already; or it cannot be ended by a program: the message says what is to be looked at.</exception>
    public async Task<MigrationRun?> ResumeAsync(QemuResumePlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Read(plan.Record.Id); // One that is gone is not begun again.
        var journal = new QemuJournal(state, plan.Record.Id);
        journal.Open();
        try
        {
            var now = await LookAsync(plan with { Records = Read(plan.Record.Id) }, cancellationToken).ConfigureAwait(false);
            if (now.Action is QemuResumption.ByHand)
                throw new LiveMigrationException(Faults.OutcomeUnknown, $"The migration of {plan.Record.Name} cannot be ended from here: {now.Why}. {now.States} What is written down: {_logs.FileOf(plan.Record.Id)}.", plan.Record.Source);
            if (now.Action != plan.Action)
                throw new LiveMigrationException(Faults.QemuStateWrong, $"The migration of '{plan.Record.Name}' has changed meanwhile ({now}): nothing was done. Try again.", plan.Record.Source);
            if (now.Action is QemuResumption.Forget)
            {
                await LeaveNothingAsync(now, cancellationToken).ConfigureAwait(false);
                journal.End();
                return null;
            }

            // What the user says counts from here on: it was asked for, and belongs to what is done.
            if (now.IsSourceGone)
                now.Source.SaidGoodbye();
            if (now.IsDestinationGone)
                now.Destination.SaidGoodbye();
            journal.Write(QemuStep.Resume);
            return now.ToPlan().Resume(now, journal);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Forgets a migration that was ended by hand. Nothing is done with its QEMUs.</summary>
    /// <param name="id">Which.</param>
    /// <returns>What is left that nobody removes: a file with the VM's memory. Null for nothing.</returns>
    /// <exception cref="LiveMigrationException">There is none of that id, or another process carries it out.</exception>
    public string? Forget(string id)
    {
        var record = Tell(Read(id));
        if (!_logs.Remove(id))
            throw QemuRecords.Held(_logs, id);
        return record.LeftFile is { } file ? $"{file} on the host of {record.Source} may contain the memory of '{record.Name}': remove it when it is not needed any more." : null;
    }

    /// <summary>Removes what a migration through programs or a file has left, where that can be.</summary>
    private static async Task LeaveNothingAsync(QemuResumePlan resumption, CancellationToken cancellationToken)
    {
        var plan = resumption.ToPlan();
        if (plan.Nonce is { } nonce && !resumption.IsDestinationGone)
            await nonce.RemoveAsync(plan.Destination, nonce.DestinationMapping).ConfigureAwait(false);
        // Of a VM that has ended on both sides it may be the only copy.
        if (resumption.Record.LeftFile is { } file && !resumption.IsDestinationGone && await new QemuHostLook(plan.Source, plan.Destination, cancellationToken).RemoveFileAsync(file, mayBeGone: true).ConfigureAwait(false) is { } why)
        {
            throw new LiveMigrationException(
                Faults.OutcomeUnknown,
                $"{file} at {plan.SourceName} contains the memory of '{plan.Source.Name}' and could not be removed: {why.TrimEnd('.')}. Remove it, and forget the migration (-Forget).",
                plan.SourceName);
        }
    }

    private QemuRecords Read(string id)
    {
        try
        {
            return QemuRecords.Read(_logs, id) ?? throw new LiveMigrationException(Faults.JournalDamaged, $"The journal {_logs.FileOf(id)} does not say which QEMUs it is about.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LiveMigrationException(Faults.NoMigration, $"No migration '{id}' was interrupted. {NearNames.Ask(NearNames.Of(id, _logs.Ids))}".TrimEnd(), innerException: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LiveMigrationException(Faults.JournalDamaged, $"The journal {_logs.FileOf(id)} cannot be read: {error.Message}", innerException: error);
        }
    }

    private QemuMigrationRecord Tell(QemuRecords records) => new()
    {
        Id = records.Id,
        Name = records.Name,
        Uuid = records.Uuid,
        Source = QemuAddress.Parse(records.Source).Text,
        Destination = QemuAddress.Parse(records.Destination).Text,
        Step = records.Step,
        StartTime = records.First.Time,
        Time = records.Last.Time,
        ProcessId = records.Last.Writer.ProcessId,
        LeftFile = records.History.MaySend && records.First.Fields["uri"] is { } uri && QemuUri.IsFile(uri) ? QemuUri.PathOf(uri) : null,
        Controller = records.Controller,
        IsInterrupted = !_logs.IsHeld(records.Id),
    };

    private static async Task<QemuResumePlan> LookAsync(QemuResumePlan plan, CancellationToken cancellationToken)
    {
        var asking = AskAsync(plan.Source, plan.Record.Uuid, cancellationToken);
        var there = await AskAsync(plan.Destination, plan.Record.Uuid, cancellationToken).ConfigureAwait(false);
        var here = await asking.ConfigureAwait(false);
        // A QEMU that answers has not ended, whatever the user says.
        var (sourceEnded, destinationEnded) = (plan.Source.HasEnded || plan.SourceEnded, plan.Destination.HasEnded || plan.DestinationEnded);
        var source = here.Status is { } running ? QemuHalves.Source(running, here.Migration) : sourceEnded ? QemuSourceHalf.Ended : QemuSourceHalf.Silent;
        var destination = there.Status is { } other ? QemuHalves.Destination(other, there.Migration) : destinationEnded ? QemuDestinationHalf.Ended : QemuDestinationHalf.Silent;
        var (action, why) = QemuResumeRules.Decide(plan.Records.History, source, destination);
        return plan with
        {
            Action = action,
            Why = action is QemuResumption.Forget && destination is QemuDestinationHalf.Ended && plan.Record.LeftFile is { } file
                ? $"{why}; {file} at {plan.Source.PlaceBeside(plan.Destination)} contains its memory, and is kept" : why,
            IsSourceGone = source is QemuSourceHalf.Ended,
            IsDestinationGone = destination is QemuDestinationHalf.Ended,
            States = $"{plan.Source.Address}: {here.Words}; {plan.Destination.Address}: {there.Words}.",
        };
    }

    private static async Task<(VmStatus? Status, string? Migration, string Words)> AskAsync(QemuProcess process, Guid uuid, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Answer);
        try
        {
            var monitor = await process.MonitorAsync(limit.Token).ConfigureAwait(false);
            if (uuid != Guid.Empty && await monitor.QueryUuidAsync(limit.Token).ConfigureAwait(false) is var answered && answered != uuid)
                throw new LiveMigrationException(Faults.QemuStateWrong, $"Another VM ({answered}) is at {process.Address} now, and '{process}' is connected to it: nothing was done. Disconnect it (Disconnect-QemuProcess), and try again.", process.HostName);
            var migration = await monitor.QueryMigrationStatusAsync(limit.Token).ConfigureAwait(false);
            var status = await monitor.QueryStatusAsync(limit.Token).ConfigureAwait(false);
            return (status, migration, migration is null or "none" ? status.Status : $"{status.Status} (migration {migration})");
        }
        catch (Exception error) when ((error is LiveMigrationException { Fault: var fault } && fault != Faults.QemuStateWrong) || error is ObjectDisposedException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, null, process.HasEnded ? "QEMU has ended" : error is OperationCanceledException ? "no answer" : error.Message.TrimEnd('.'));
        }
    }
}
