using LiveMigration.Hypervisors.Qemu;

namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>What is between QEMU's stream and the bytes of the file, and the programs that do and undo it. A key is named by its file: no program is given one as an argument.</summary>
internal sealed record StateEncoding
{
    /// <summary>What the stage is called that reads the file.</summary>
    internal const string Read = "read";

    /// <summary>What the stage is called that writes it.</summary>
    internal const string Write = "write";

    /// <summary>What the stage is called that the user named.</summary>
    internal const string Own = "command";

    internal StateCompression Compression { get; init; }

    internal StateEncryption Encryption { get; init; }

    /// <summary>The file with the key: recipients or identities of age, the passphrase of GnuPG.</summary>
    internal string? KeyFile { get; init; }

    /// <summary>Whether that file has what decrypts: not recipients alone.</summary>
    internal bool KeyDecrypts { get; init; }

    /// <summary>For whom it is encrypted, instead of a file.</summary>
    internal string? Recipient { get; init; }

    /// <summary>The user's command behind the others, for a shell.</summary>
    internal string? Command { get; init; }

    /// <summary>The command that undoes it.</summary>
    internal string? ReadCommand { get; init; }

    /// <summary>Whether what was written can be read again.</summary>
    internal bool IsReadable => (Command is null || ReadCommand is not null) && (Encryption is StateEncryption.None || KeyDecrypts);

    /// <summary>The programs that it needs.</summary>
    internal IEnumerable<string> Programs =>
    [
        .. Compression switch { StateCompression.Gzip => ["gzip"], StateCompression.Zstd => ["zstd"], _ => Array.Empty<string>() },
        .. Encryption switch { StateEncryption.Age => ["age"], StateEncryption.Gpg => ["gpg"], _ => Array.Empty<string>() },
    ];

    /// <summary>Stream → file.</summary>
    internal IReadOnlyList<ShellStage> Encoders()
    {
        var stages = new List<ShellStage>();
        if (Compression is StateCompression.Gzip)
            stages.Add(new("gzip", "gzip -nc"));
        if (Compression is StateCompression.Zstd)
            stages.Add(new("zstd", "zstd -q -T0 -c"));
        if (Encryption is StateEncryption.Age)
            stages.Add(new("age", $"age {(Recipient is not null ? $"-r {Quoted(Recipient)}" : $"{(KeyDecrypts ? "-e -i" : "-R")} {Quoted(KeyFile!)}")}"));
        if (Encryption is StateEncryption.Gpg)
            stages.Add(new("gpg", Gpg(Recipient is not null ? $"--trust-model always --encrypt --recipient {Quoted(Recipient)}" : "--cipher-algo AES256 --symmetric")));
        if (Command is not null)
            stages.Add(new(Own, $"sh -c {Quoted(Command)}"));
        return stages;
    }

    /// <summary>File → stream.</summary>
    internal IReadOnlyList<ShellStage> Decoders()
    {
        var stages = new List<ShellStage>();
        if (ReadCommand is not null)
            stages.Add(new(Own, $"sh -c {Quoted(ReadCommand)}"));
        if (Encryption is StateEncryption.Age)
            stages.Add(new("age", $"age -d -i {Quoted(KeyFile!)}"));
        if (Encryption is StateEncryption.Gpg)
            stages.Add(new("gpg", Gpg("--decrypt")));
        if (Compression is StateCompression.Gzip)
            stages.Add(new("gzip", "gzip -dc"));
        if (Compression is StateCompression.Zstd)
            stages.Add(new("zstd", "zstd -q -dc"));
        return stages;
    }

    /// <summary>
    /// A passphrase needs no keyring: one that is made for this and removed does not depend on whose home it is. What was compressed before, or
    /// was not to be, is not compressed by GnuPG either.
    /// </summary>
    private string Gpg(string what)
    {
        const string Common = "--batch --no-tty --quiet --compress-algo none";
        return KeyFile is null
            ? $"gpg {Common} {what} --output -"
            : $"g=$(mktemp -d) && gpg {Common} --homedir \"$g\" --pinentry-mode loopback --passphrase-file {Quoted(KeyFile)} {what} --output -; s=$?; rm -rf \"$g\"; (exit $s)";
    }

    /// <summary>A word of the shell; a carriage return or a line feed in it is one.</summary>
    private static string Quoted(string text) => QemuLaunch.Quoted(text);
}
