namespace LiveMigration.Domains;

/// <summary>A state and its reason, in libvirt's terms.</summary>
/// <param name="State">What the domain does.</param>
/// <param name="ReasonCode">Why, as libvirt numbers it within the state.</param>
public readonly record struct DomainStatus(DomainState State, int ReasonCode)
{
    // The words are virsh's (domstate --reason).
    private static readonly string[] Running =
        ["unknown", "booted", "migrated", "restored", "from snapshot", "unpaused", "migration canceled", "save canceled", "event wakeup", "crashed", "post-copy", "post-copy failed"];

    private static readonly string[] Paused =
        ["unknown", "user", "migrating", "saving", "dumping", "I/O error", "watchdog", "from snapshot", "shutting down", "creating snapshot", "crashed", "starting up", "post-copy", "post-copy failed", "API error"];

    private static readonly string[] ShutOff =
        ["unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from snapshot", "daemon"];

    private static readonly string[] ShuttingDown = ["unknown", "user"];

    private static readonly string[] Crashed = ["unknown", "panicked"];

    /// <summary>Why, in virsh's words.</summary>
    public string Reason
    {
        get
        {
            var words = State switch
            {
                DomainState.Running => Running,
                DomainState.Paused => Paused,
                DomainState.ShuttingDown => ShuttingDown,
                DomainState.ShutOff => ShutOff,
                DomainState.Crashed => Crashed,
                _ => [],
            };
            return (uint)ReasonCode < words.Length ? words[ReasonCode] : "unknown";
        }
    }

    /// <summary>Whether there is a process of the domain on this host.</summary>
    public bool IsActive => State is not (DomainState.ShutOff or DomainState.None);

    /// <summary>Whether the guest executes here, now.</summary>
    public bool IsExecuting => State is DomainState.Running or DomainState.Blocked;

    /// <summary>Whether this is one side of a post-copy migration, whole or broken.</summary>
    public bool IsPostCopy => (State, ReasonCode) is (DomainState.Running, 10 or 11) or (DomainState.Paused, 12 or 13);

    /// <summary>Whether this is one side of a post-copy migration that broke.</summary>
    public bool IsPostCopyFailed => (State, ReasonCode) is (DomainState.Running, 11) or (DomainState.Paused, 13);

    /// <summary>Whether an I/O error, its watchdog or a crash of its guest has paused it.</summary>
    internal bool IsPausedByError => (State, ReasonCode) is (DomainState.Paused, 5 or 6 or 10);

    /// <summary>Whether its process ended by itself.</summary>
    internal bool HasCrashed => (State, ReasonCode) is (DomainState.ShutOff, 3);

    /// <summary>Whether its guest shut itself down, or somebody ended it on purpose.</summary>
    internal bool WasEnded => (State, ReasonCode) is (DomainState.ShutOff, 1 or 2);

    /// <summary>Whether the domain is here as a copy that is being filled, or that waits for the other side.</summary>
    public bool IsPausedForMigration => (State, ReasonCode) is (DomainState.Paused, 2 or 11);

    /// <summary>For example <c>Running (migrated)</c>.</summary>
    public override string ToString() => $"{State} ({Reason})";
}
