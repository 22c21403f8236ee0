using System.Management.Automation;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Migration.Qemu.Saving;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>What is told of a save or a restore while it is under way.</summary>
internal sealed class StateOutput(PipelineOutput output, string activity, CancellationToken stop) : IDisposable
{
    private const int Id = 1;

    /// <summary>A file of QEMU's host: of this machine, where QEMU is here, by the way from the current location.</summary>
    internal static string? Locate(PSCmdlet cmdlet, QemuProcess process, string? path) => path is null || !process.Address.IsLocal ? path : OutputFile.Locate(cmdlet, path);

    internal void Progress(StateProgress progress) => output.WriteProgress(new ProgressRecord(Id, activity, Status(progress)) { PercentComplete = progress.Percent ?? -1 });

    /// <summary>A save must not fail because nobody listens any more.</summary>
    internal void Notice(string notice)
    {
        if (stop.IsCancellationRequested)
        {
            output.SayWhileStopping(notice);
            return;
        }

        try
        {
            output.WriteWarning(notice);
        }
        catch (PipelineStoppedException)
        {
            output.SayWhileStopping(notice);
        }
    }

    public void Dispose() => output.WriteProgress(new ProgressRecord(Id, activity, "done") { RecordType = ProgressRecordType.Completed });

    private static string Status(StateProgress progress)
    {
        var step = progress.Step switch
        {
            StateStep.Writing => "QEMU writes its memory",
            StateStep.Storing => "bringing the file to the disk",
            StateStep.Verifying => "reading the state to its end",
            _ => "QEMU reads the state",
        };
        return progress is { Done: { } done, Total: { } total } ? $"{step}: {new ByteSize(done)} of {new ByteSize(total)}" : step;
    }
}
