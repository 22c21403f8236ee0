namespace LiveMigration.Errors;

/// <summary>The codes of libvirt's errors that mean something to a migration (<c>virErrorNumber</c>); others keep their number.</summary>
public enum LibvirtErrorCode
{
    /// <summary><c>VIR_ERR_OK</c>.</summary>
    None = 0,

    /// <summary><c>VIR_ERR_INTERNAL_ERROR</c>.</summary>
    InternalError = 1,

    /// <summary><c>VIR_ERR_NO_MEMORY</c>.</summary>
    NoMemory = 2,

    /// <summary><c>VIR_ERR_NO_SUPPORT</c>: the driver has no such function.</summary>
    NoSupport = 3,

    /// <summary><c>VIR_ERR_NO_CONNECT</c>.</summary>
    NoConnect = 5,

    /// <summary><c>VIR_ERR_INVALID_ARG</c>.</summary>
    InvalidArgument = 8,

    /// <summary><c>VIR_ERR_OPERATION_FAILED</c>.</summary>
    OperationFailed = 9,

    /// <summary><c>VIR_ERR_DOM_EXIST</c>.</summary>
    DomainExists = 28,

    /// <summary><c>VIR_ERR_OPERATION_DENIED</c>.</summary>
    OperationDenied = 29,

    /// <summary><c>VIR_ERR_SYSTEM_ERROR</c>.</summary>
    SystemError = 38,

    /// <summary><c>VIR_ERR_RPC</c>.</summary>
    Rpc = 39,

    /// <summary><c>VIR_ERR_GNUTLS_ERROR</c>.</summary>
    GnuTls = 40,

    /// <summary><c>VIR_ERR_NO_DOMAIN</c>. After a migration it may mean success: the domain has left the source.</summary>
    NoDomain = 42,

    /// <summary><c>VIR_ERR_NO_NETWORK</c>.</summary>
    NoNetwork = 43,

    /// <summary><c>VIR_ERR_AUTH_FAILED</c>.</summary>
    AuthFailed = 45,

    /// <summary><c>VIR_ERR_NO_STORAGE_POOL</c>.</summary>
    NoStoragePool = 49,

    /// <summary><c>VIR_ERR_NO_STORAGE_VOL</c>.</summary>
    NoStorageVolume = 50,

    /// <summary><c>VIR_ERR_OPERATION_INVALID</c>.</summary>
    OperationInvalid = 55,

    /// <summary><c>VIR_ERR_NO_SECRET</c>: there is none, or it has no value.</summary>
    NoSecret = 66,

    /// <summary><c>VIR_ERR_CONFIG_UNSUPPORTED</c>.</summary>
    ConfigUnsupported = 67,

    /// <summary><c>VIR_ERR_OPERATION_TIMEOUT</c>: usually another job holds the domain's lock.</summary>
    OperationTimeout = 68,

    /// <summary><c>VIR_ERR_MIGRATE_PERSIST_FAILED</c>: the domain did move; its definition was not saved.</summary>
    MigratePersistFailed = 69,

    /// <summary><c>VIR_ERR_ARGUMENT_UNSUPPORTED</c>.</summary>
    ArgumentUnsupported = 74,

    /// <summary><c>VIR_ERR_OPERATION_ABORTED</c>.</summary>
    OperationAborted = 78,

    /// <summary><c>VIR_ERR_AUTH_CANCELLED</c>.</summary>
    AuthCancelled = 79,

    /// <summary><c>VIR_ERR_MIGRATE_UNSAFE</c>.</summary>
    MigrateUnsafe = 81,

    /// <summary><c>VIR_ERR_OPERATION_UNSUPPORTED</c>.</summary>
    OperationUnsupported = 84,

    /// <summary><c>VIR_ERR_SSH</c>.</summary>
    Ssh = 85,

    /// <summary><c>VIR_ERR_RESOURCE_BUSY</c>.</summary>
    ResourceBusy = 87,

    /// <summary><c>VIR_ERR_ACCESS_DENIED</c>.</summary>
    AccessDenied = 88,

    /// <summary><c>VIR_ERR_STORAGE_VOL_EXIST</c>.</summary>
    StorageVolumeExists = 90,

    /// <summary><c>VIR_ERR_CPU_INCOMPATIBLE</c>.</summary>
    CpuIncompatible = 91,

    /// <summary><c>VIR_ERR_MIGRATE_FINISH_OK</c>.</summary>
    MigrateFinishOk = 93,

    /// <summary><c>VIR_ERR_AUTH_UNAVAILABLE</c>.</summary>
    AuthUnavailable = 94,

    /// <summary><c>VIR_ERR_LIBSSH</c>.</summary>
    LibSsh = 98,
}
