using LiveMigration.Migration;
using LiveMigration.Migration.Events;
using LiveMigration.PowerShell.Errors;

namespace LiveMigration.PowerShell.Pipeline;

/// <summary>A migration under way → what a cmdlet writes of it.</summary>
internal static class RunFollowing
{
    /// <summary>Shows its progress and writes its result, or its error. When the cmdlet is stopped, it is aborted and looked after.</summary>
    /// <param name="run">The migration.</param>
    /// <param name="lines">Where it is shown.</param>
    /// <param name="output">Takes what is written.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="mayStay">Whether that the VM stays where it was is what was asked for, and no error.</param>
    internal static async Task FollowAsync(this MigrationRun run, ProgressLines lines, PipelineOutput output, CancellationToken cancellationToken, bool mayStay = false)
    {
        using var events = output.Events?.Watch(run, fromStart: true);
        try
        {
            await run.WriteAsync(lines, output, events, mayStay, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await run.EndAsync(output.SayWhileStopping);
            await (events?.Ended ?? Task.CompletedTask);
            throw;
        }
    }

    /// <summary>The same, and when the cmdlet is stopped the migration goes on.</summary>
    internal static async Task ShowAsync(this MigrationRun run, ProgressLines lines, PipelineOutput output, CancellationToken cancellationToken, bool mayStay = false)
    {
        using var events = output.Events?.Watch(run, fromStart: false);
        await run.WriteAsync(lines, output, events, mayStay, cancellationToken);
    }

    private static async Task WriteAsync(this MigrationRun run, ProgressLines lines, PipelineOutput output, MigrationEvents? events, bool mayStay, CancellationToken cancellationToken)
    {
        using var watched = new WatchedRun(run, lines.Show, output.WriteWarning);
        var result = await run.Completion.WaitAsync(cancellationToken);
        await (events?.Ended ?? Task.CompletedTask);
        lines.End(run);
        if (result.ToErrorRecord() is { } error && !(mayStay && result.Verdict is (MigrationVerdict.Stayed or MigrationVerdict.StayedPaused)))
            await output.WriteErrorAsync(error);
        else
            await output.WriteObjectAsync(result);
    }
}
