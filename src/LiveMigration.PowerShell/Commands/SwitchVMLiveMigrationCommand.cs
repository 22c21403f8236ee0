using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Switches migrations to post-copy: the VMs run on the destination at once and fetch their remaining memory.</summary>
[Cmdlet(VerbsCommon.Switch, "VMLiveMigration", DefaultParameterSetName = "Name", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Switch-VMLiveMigration.md")]
[OutputType(typeof(MigrationRun))]
public sealed class SwitchVMLiveMigrationCommand : MigrationRunCmdlet
{
    private protected override async Task HandleAsync(IReadOnlyList<MigrationRun> runs, PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var run in runs)
        {
            try
            {
                CheckPrepared(run);
                if (!await output.ShouldProcessAsync($"Switch the migration {run} to post-copy.", $"Switch the migration {run} to post-copy?"))
                    continue;
                await run.BegunAsync(cancellationToken);
                await run.SwitchToPostCopyAsync(cancellationToken);
                await output.WriteObjectAsync(run);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(run));
            }
        }
    }

    private static void CheckPrepared(MigrationRun run)
    {
        if (run is { IsForeign: false, Options: { PostCopy: false, PostCopyAfterFirstPass: false, OnTimeout: not TimeoutAction.PostCopy } })
            throw new LiveMigrationException(CmdletFaults.PostCopyNotPrepared, $"The migration {run} was started without -PostCopy and cannot be switched.", run.Source);
    }
}
