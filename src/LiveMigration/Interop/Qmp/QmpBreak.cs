using LiveMigration.Errors;

namespace LiveMigration.Interop.Qmp;

/// <summary>Why a connection ended; each command that it leaves behind gets an exception of its own.</summary>
internal sealed record QmpBreak(Fault Fault, string Reason, Exception? Cause = null)
{
    internal LiveMigrationException ToException(string peer, string? command = null) => new(
        Fault, command is null ? $"{peer}: {Reason}." : $"{peer}: {command}: no answer: {Reason}.", peer, Cause);
}
