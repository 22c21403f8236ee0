using System.Runtime.CompilerServices;

namespace LiveMigration.Migration;

/// <summary>
/// The end of a migration, to be awaited. A task would do, but for its property <c>Result</c>: a command that prints all properties of
/// a run (ConvertTo-Json, say) would wait in it for the end.
/// </summary>
public readonly struct MigrationCompletion
{
    private readonly Task<MigrationResult> _ended;

    internal MigrationCompletion(Task<MigrationResult> ended) => _ended = ended;

    /// <summary>Whether the migration has ended.</summary>
    public bool IsCompleted => _ended.IsCompleted;

    /// <summary>Awaits the result.</summary>
    public TaskAwaiter<MigrationResult> GetAwaiter() => _ended.GetAwaiter();

    /// <summary>Awaits the result.</summary>
    /// <param name="continueOnCapturedContext">Whether to continue on the captured context.</param>
    public ConfiguredTaskAwaitable<MigrationResult> ConfigureAwait(bool continueOnCapturedContext) => _ended.ConfigureAwait(continueOnCapturedContext);

    /// <summary>Waits for the result, but no longer than wanted.</summary>
    /// <param name="cancellationToken">Stops waiting; the migration continues.</param>
    public Task<MigrationResult> WaitAsync(CancellationToken cancellationToken) => _ended.WaitAsync(cancellationToken);

    /// <summary>Waits for the result, but no longer than wanted.</summary>
    /// <param name="timeout">How long; then a <see cref="TimeoutException"/> is thrown, and the migration continues.</param>
    public Task<MigrationResult> WaitAsync(TimeSpan timeout) => _ended.WaitAsync(timeout);

    /// <summary>The same as a task.</summary>
    public Task<MigrationResult> AsTask() => _ended;
}
