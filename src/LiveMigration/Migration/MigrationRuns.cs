using System.Collections.Concurrent;
using LiveMigration.Domains;

namespace LiveMigration.Migration;

/// <summary>The migrations that this process runs or watches.</summary>
public static class MigrationRuns
{
    private static readonly ConcurrentDictionary<Guid, MigrationRun> Active = new();

    static MigrationRuns() => RunGauges.Offer(() => Current.Where(run => !run.Completion.IsCompleted));

    /// <summary>Those that have not ended.</summary>
    public static IReadOnlyCollection<MigrationRun> Current => [.. Active.Values.OrderBy(run => run.StartTime)];

    /// <summary>The one of a domain, if it has one.</summary>
    /// <param name="domain">The domain.</param>
    public static MigrationRun? Of(LibvirtDomain domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Active.Values.FirstOrDefault(run => run.Domain?.Uuid == domain.Uuid);
    }

    internal static async Task<MigrationResult> Track(MigrationRun run, Func<Task<MigrationResult>> work)
    {
        Active[run.Id] = run;
        try
        {
            // The run is handed to its caller first, so that no progress is raised before somebody can listen.
            await Task.Yield();
            return await work().ConfigureAwait(false);
        }
        finally
        {
            if (run.Background.IsCompleted)
                Active.TryRemove(run.Id, out _);
            else
                _ = run.Background.ContinueWith(_ => Active.TryRemove(run.Id, out var _), TaskScheduler.Default);
        }
    }
}
