using LiveMigration.Errors;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>What is asked for when a state is restored. Paths are of QEMU's host.</summary>
public sealed record StateRestoring
{
    /// <summary>The file, from the root; null where the command gives the state.</summary>
    public string? Path { get; init; }

    /// <summary>The file with the key, from the root: identities of age, the passphrase of GnuPG in its first line. Null is the keyring of GnuPG.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A command for a shell on QEMU's host, which undoes what another one did to the file, or, without a file, gives the state.</summary>
    public string? Command { get; init; }

    /// <summary>Whether the guest stays paused.</summary>
    public bool Paused { get; init; }

    /// <exception cref="LiveMigrationException">The options contradict each other.</exception>
    internal void Validate()
    {
        var wrong = this switch
        {
            { Path: null, Command: null } => "-Path or -Command is needed: where the state comes from.",
            { Path: { } path } when StateSaving.IsWrong(path) => $"-Path '{path}' is not the path of a file on QEMU's host, from the root.",
            { KeyFile: { } key } when StateSaving.IsWrong(key) => $"-KeyFile '{key}' is not the path of a file on QEMU's host, from the root.",
            { Command: { } command } when command.Contains('\0', StringComparison.Ordinal) || string.IsNullOrWhiteSpace(command) => "-Command is no command.",
            _ => null,
        };
        if (wrong is not null)
            throw new LiveMigrationException(Faults.ContradictingOptions, wrong);
    }
}
