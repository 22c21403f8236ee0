using System.Management.Automation;
using LiveMigration.Migration.Events;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>A script block that the pipeline thread runs for each event. It holds up nothing but what the pipeline writes.</summary>
/// <param name="script">The script block; <c>$_</c> is the event.</param>
/// <param name="output">What runs it.</param>
internal sealed class EventScript(ScriptBlock script, PipelineOutput output)
{
    /// <summary>So many wait before progress is left out.</summary>
    private const int RoomForProgress = 256;

    /// <summary>So many wait before anything is.</summary>
    private const int Room = 4096;

    private readonly HashSet<string> _warned = [];
    private int _waiting;
    private int _dropped;

    /// <summary>Takes an event. It never waits.</summary>
    internal void Add(MigrationEvent what)
    {
        if (Interlocked.Increment(ref _waiting) > (what.Event is MigrationEventKind.Progress ? RoomForProgress : Room))
        {
            Interlocked.Decrement(ref _waiting);
            Interlocked.Increment(ref _dropped);
            return;
        }

        output.TryRun(cmdlet =>
        {
            Interlocked.Decrement(ref _waiting);
            Run(what);
        });
    }

    /// <summary>Says what failed and what was left out. Only now: with -WarningAction Stop a warning ends the command.</summary>
    internal void Finish()
    {
        output.TryRun(cmdlet =>
        {
            foreach (var text in _warned)
                cmdlet.WriteWarning(text);
        });
        if (_dropped > 0)
            output.TryRun(cmdlet => cmdlet.WriteWarning($"{_dropped} events were not passed to -OnEvent, which took too long for those before them."));
    }

    private void Run(MigrationEvent what)
    {
        try
        {
            script.InvokeWithContext((Dictionary<string, ScriptBlock>?)null, [new PSVariable("_", what), new PSVariable("ErrorActionPreference", ActionPreference.Stop)]);
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever it is, also break or exit, it is the script's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var text = $"-OnEvent failed, and the migration continues: {error.Message}";
            _warned.Add(text);
        }
    }
}
