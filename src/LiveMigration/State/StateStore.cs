namespace LiveMigration.State;

/// <summary>
/// What a user's processes have begun on hosts and must end or undo, in files that outlive them. Every record is on the disk before what it
/// announces is done. docs/STATE.md describes the files.
/// </summary>
public sealed class StateStore
{
    private readonly TimeProvider _clock;

    /// <summary>A store in a folder; it is made with the first record.</summary>
    /// <param name="folder">The folder, which no other user should be able to write to.</param>
    public StateStore(string folder)
        : this(folder, RecordWriter.ThisProcess(), TimeProvider.System)
    {
    }

    /// <param name="folder">The folder.</param>
    /// <param name="self">Who writes.</param>
    /// <param name="clock">What the time is.</param>
    internal StateStore(string folder, RecordWriter self, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (Folder, Self, _clock) = (Path.GetFullPath(folder), self, clock);
    }

    /// <summary>The folder of the user that runs this process: <c>$XDG_STATE_HOME/livemigration</c>, or <c>~/.local/state/livemigration</c> where that variable is not set.</summary>
    public static string UserFolder
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (string.IsNullOrEmpty(state))
                state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
            return Path.Combine(state, "livemigration");
        }
    }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>This process, as its records name it.</summary>
    internal RecordWriter Self { get; }

    /// <summary>Now, in UTC.</summary>
    internal DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Records that each have a file of their own, replaced and removed one by one.</summary>
    /// <param name="folder">The name of their folder.</param>
    /// <param name="kind">The kind of record in it.</param>
    internal RecordFolder Records(string folder, string kind) => new(this, Path.Combine(Folder, folder, Self.Machine), kind);

    /// <summary>Logs: files to which one process at a time appends records.</summary>
    /// <param name="folder">The name of their folder.</param>
    /// <param name="kind">The kind of record in them.</param>
    /// <param name="old">Makes what reads lines, one after the other, that were written before there were records; null where there are none.</param>
    internal LogFolder Logs(string folder, string kind, Func<Func<string, StateRecord?>>? old = null) => new(this, Path.Combine(Folder, folder), kind, old);

    /// <summary>Whether a writer runs still. Of another machine's nobody here knows, so it does.</summary>
    internal bool Lives(RecordWriter writer) =>
        writer.Machine != Self.Machine || (writer.Boot == Self.Boot && RecordWriter.IsRunning(writer.ProcessId, writer.Started));

    /// <summary>Makes a folder of the store.</summary>
    /// <exception cref="UnauthorizedAccessException">Somebody else can write to the store.</exception>
    internal void Make(string folder)
    {
        PrivateFiles.MakeFolder(Folder);
        PrivateFiles.Close(Folder);
        PrivateFiles.MakeFolder(folder);
    }
}
