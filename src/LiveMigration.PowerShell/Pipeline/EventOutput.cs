using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.Migration;
using LiveMigration.Migration.Events;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>Where the events of a cmdlet or a job go: a file, a script block, or both.</summary>
internal sealed class EventOutput
{
    private readonly string? _path;
    private readonly EventScript? _script;
    private readonly EventLogFile? _log;
    private readonly Action<string> _warn;
    private volatile string? _warning;

    private EventOutput(string? path, EventScript? script, Action<string> warn)
    {
        (_path, _script, _warn) = (path, script, warn);
        _log = path is null ? null : new EventLogFile(path, text => _warning = text);
    }

    /// <summary>What -EventLog and -OnEvent ask for; null where neither is given. Nothing is written yet.</summary>
    /// <exception cref="LiveMigrationException">A job has no pipeline to run a script block in, or the file has no folder.</exception>
    internal static EventOutput? Of(PSCmdlet cmdlet, string? log, ScriptBlock? script, PipelineOutput output, bool asJob = false)
    {
        if (log is null && script is null)
            return null;
        if (asJob && script is not null)
            throw new LiveMigrationException(Faults.ContradictingOptions, "-OnEvent runs in the pipeline of this command, and a job has none. Use -EventLog with -AsJob, or leave -AsJob out.");
        var path = log is null ? null : OutputFile.Locate(cmdlet, log);
        if (path is not null)
            new OutputFile(path, "The event log", CmdletFaults.EventLogNotWritable, CmdletFaults.EventLogNotWritable).Check(noClobber: false);
        return new EventOutput(path, script is null ? null : new EventScript(script, output), output.TryWarn);
    }

    /// <summary>The same for a job that outlives its cmdlet; a script block is not among it.</summary>
    internal EventOutput For(Action<string> warn) => new(_path, null, warn);

    /// <summary>Opens the file: from here on it can be written, or nothing is to be started.</summary>
    /// <exception cref="LiveMigrationException">It cannot.</exception>
    internal Task OpenAsync() => _log?.OpenAsync() ?? Task.CompletedTask;

    /// <summary>Tells of a migration.</summary>
    /// <param name="run">The migration.</param>
    /// <param name="fromStart">Whether it was started just now.</param>
    internal MigrationEvents Watch(MigrationRun run, bool fromStart) => MigrationEvents.Watch(run, Tell, fromStart);

    /// <summary>Tells of an evacuation.</summary>
    internal EvacuationEvents Watch(EvacuationRun run) => EvacuationEvents.Watch(run, Tell);

    /// <summary>Writes what waits, in a limited time, and then the warnings: with -WarningAction Stop one would end the command.</summary>
    internal async Task FinishAsync()
    {
        if (_log is not null)
            await _log.FinishAsync();
        _script?.Finish();
        if (_warning is { } text)
            _warn(text);
    }

    private void Tell(MigrationEvent what)
    {
        _log?.Add(what);
        _script?.Add(what);
    }
}
