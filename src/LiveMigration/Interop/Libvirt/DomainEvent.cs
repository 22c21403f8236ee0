namespace LiveMigration.Interop.Libvirt;

/// <summary>Something that happened to a domain.</summary>
internal abstract record DomainEvent(Guid Uuid, string Name);

/// <summary><c>VIR_DOMAIN_EVENT_ID_LIFECYCLE</c>: started, suspended, resumed, stopped, … and why.</summary>
internal sealed record LifecycleEvent(Guid Uuid, string Name, LifecycleChange Change, int Detail) : DomainEvent(Uuid, Name);

/// <summary><c>VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION</c>: a pass over memory began.</summary>
internal sealed record MigrationIterationEvent(Guid Uuid, string Name, int Iteration) : DomainEvent(Uuid, Name);

/// <summary><c>VIR_DOMAIN_EVENT_ID_JOB_COMPLETED</c>: the job's last statistics.</summary>
internal sealed record JobCompletedEvent(Guid Uuid, string Name, JobStatistics Statistics) : DomainEvent(Uuid, Name);

/// <summary><c>virDomainEventType</c>.</summary>
internal enum LifecycleChange
{
    Defined,
    Undefined,
    Started,
    Suspended,
    Resumed,
    Stopped,
    Shutdown,
    PmSuspended,
    Crashed,
}

/// <summary><c>virDomainEventSuspendedDetailType</c>, as far as migration gives it.</summary>
internal static class SuspendedDetail
{
    internal const int Migrated = 1;
    internal const int PostCopy = 7;
    internal const int PostCopyFailed = 8;
}

/// <summary><c>virDomainEventStoppedDetailType</c>, as far as it tells why a domain ended that did not move.</summary>
internal static class StoppedDetail
{
    internal const int Shutdown = 0;
    internal const int Destroyed = 1;
    internal const int Crashed = 2;
}
