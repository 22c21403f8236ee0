using LiveMigration.Migration;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>A migration under way → what a cmdlet writes of it.</summary>
internal static class RunFollowing
{
    /// <summary>Shows its progress and writes its result, or its error. When the cmdlet is stopped, it is aborted and looked after.</summary>
    internal static async Task FollowAsync(this MigrationRun run, ProgressLines lines, PipelineOutput output, CancellationToken cancellationToken)
    {
        try
        {
            await run.ShowAsync(lines, output, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await run.EndAsync(output.SayWhileStopping);
            throw;
        }
    }

    /// <summary>The same, and when the cmdlet is stopped the migration goes on.</summary>
    internal static async Task ShowAsync(this MigrationRun run, ProgressLines lines, PipelineOutput output, CancellationToken cancellationToken)
    {
        using var watched = new WatchedRun(run, lines.Show, output.WriteWarning);
        var result = await run.Completion.WaitAsync(cancellationToken);
        lines.End(run);
        if (result.ToErrorRecord() is { } error)
            await output.WriteErrorAsync(error);
        else
            await output.WriteObjectAsync(result);
    }
}
