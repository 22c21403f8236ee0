namespace LiveMigration.Domains;

/// <summary>The state of a domain (<c>virDomainState</c>).</summary>
public enum DomainState
{
    /// <summary><c>VIR_DOMAIN_NOSTATE</c>.</summary>
    None,

    /// <summary><c>VIR_DOMAIN_RUNNING</c>.</summary>
    Running,

    /// <summary><c>VIR_DOMAIN_BLOCKED</c>: waits for a resource.</summary>
    Blocked,

    /// <summary><c>VIR_DOMAIN_PAUSED</c>.</summary>
    Paused,

    /// <summary><c>VIR_DOMAIN_SHUTDOWN</c>: is shutting down.</summary>
    ShuttingDown,

    /// <summary><c>VIR_DOMAIN_SHUTOFF</c>.</summary>
    ShutOff,

    /// <summary><c>VIR_DOMAIN_CRASHED</c>.</summary>
    Crashed,

    /// <summary><c>VIR_DOMAIN_PMSUSPENDED</c>: the guest suspended itself.</summary>
    PmSuspended,
}
