using System.Text.Json;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Qmp;

/// <summary>
/// A command on its way. Its answer is a value even when it is an error: whoever asked may have gone away, and then nobody
/// looks at it.
/// </summary>
internal sealed class QmpCall(long id, string command, bool outOfBand, ReadOnlyMemory<byte> message)
{
    private readonly TaskCompletionSource<QmpAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal long Id => id;

    internal string Command => command;

    internal bool IsOutOfBand => outOfBand;

    /// <summary>What goes to QEMU.</summary>
    internal ReadOnlyMemory<byte> Message => message;

    internal Task<QmpAnswer> Answer => _answer.Task;

    internal void Complete(JsonElement value) => _answer.TrySetResult(new QmpAnswer(value, null));

    internal void Fail(LiveMigrationException error) => _answer.TrySetResult(new QmpAnswer(default, error));
}

/// <summary>What QEMU returned, or why it did not.</summary>
internal readonly record struct QmpAnswer(JsonElement Value, LiveMigrationException? Error);
