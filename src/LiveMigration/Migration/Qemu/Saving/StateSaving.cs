using LiveMigration.Errors;
using LiveMigration.Units;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>What is asked for when a state is saved. Paths are of QEMU's host.</summary>
public sealed record StateSaving
{
    /// <summary>The file, from the root; null where the command takes the state elsewhere.</summary>
    public string? Path { get; init; }

    /// <summary>How it is compressed.</summary>
    public StateCompression Compression { get; init; }

    /// <summary>How it is encrypted.</summary>
    public StateEncryption Encryption { get; init; }

    /// <summary>The file with the key, from the root: recipients or identities of age, the passphrase of GnuPG in its first line.</summary>
    public string? KeyFile { get; init; }

    /// <summary>For whom it is encrypted, instead of a key file: a public key of age, a user id or a fingerprint of GnuPG.</summary>
    public string? Recipient { get; init; }

    /// <summary>A command for a shell on QEMU's host, which reads the state; what it writes is the file, where there is one.</summary>
    public string? Command { get; init; }

    /// <summary>The command that undoes it, to read the state back.</summary>
    public string? ReadCommand { get; init; }

    /// <summary>Whether the guest goes on while its state of this instant is saved.</summary>
    public bool Live { get; init; }

    /// <summary>Whether each page gets a place of its own in the file (QEMU 9.0).</summary>
    public bool MappedRam { get; init; }

    /// <summary>Whether QEMU is ended when the state is proven to be saved.</summary>
    public bool Stop { get; init; }

    /// <summary>Whether a file that is there is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>The limit of what QEMU writes; null is none.</summary>
    public Bandwidth? Bandwidth { get; init; }

    /// <exception cref="LiveMigrationException">The options contradict each other.</exception>
    internal void Validate()
    {
        var wrong = this switch
        {
            { Path: null, Command: null } => "-Path or -Command is needed: where the state goes.",
            { Path: { } path } when IsWrong(path) => $"-Path '{path}' is not the path of a file on QEMU's host, from the root.",
            { KeyFile: { } key } when IsWrong(key) => $"-KeyFile '{key}' is not the path of a file on QEMU's host, from the root.",
            { Encryption: StateEncryption.None, KeyFile: not null } => "-KeyFile is for -Encrypt.",
            { Encryption: StateEncryption.None, Recipient: not null } => "-Recipient is for -Encrypt.",
            { KeyFile: not null, Recipient: not null } => "-KeyFile and -Recipient: only one of them says for whom it is encrypted.",
            { Encryption: not StateEncryption.None, KeyFile: null, Recipient: null } => "-Encrypt needs -KeyFile or -Recipient.",
            { ReadCommand: not null, Command: null } => "-ReadCommand undoes -Command, and there is none.",
            { Command: { } command } when command.Contains('\0', StringComparison.Ordinal) || string.IsNullOrWhiteSpace(command) => "-Command is no command.",
            { Live: true, Stop: true } => "-Live lets the VM go on, and -Stop ends it.",
            { MappedRam: true } when Path is null || Compression is not StateCompression.None || Encryption is not StateEncryption.None || Command is not null =>
                "-MappedRam has QEMU write the file itself: it cannot be compressed, encrypted or sent through a command.",
            { MappedRam: true, Path: { } path } when path.Contains(",offset=", StringComparison.Ordinal) => "-MappedRam: QEMU cannot write to a path with ',offset=' in it.",
            { MappedRam: true, Live: true } => "-MappedRam: QEMU cannot do that while the VM goes on.",
            _ => null,
        };
        if (wrong is not null)
            throw new LiveMigrationException(Faults.ContradictingOptions, wrong);
    }

    internal static bool IsWrong(string path) => !path.StartsWith('/') || path.EndsWith('/') || path.Contains('\0', StringComparison.Ordinal) || path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal);
}
