namespace LiveMigration.Errors;

/// <summary>The kind of a fault, in the words of PowerShell's <c>ErrorCategory</c>: each member is a member there.</summary>
public enum FaultCategory
{
    /// <summary>The host, or the connection to it, did not answer.</summary>
    ConnectionError,

    /// <summary>The host, domain or disk does not exist.</summary>
    ObjectNotFound,

    /// <summary>An argument is invalid, or contradicts another.</summary>
    InvalidArgument,

    /// <summary>The object is not in a state that allows this.</summary>
    InvalidOperation,

    /// <summary>The caller could not be authenticated.</summary>
    AuthenticationError,

    /// <summary>The caller does not have permission.</summary>
    PermissionDenied,

    /// <summary>The peer's certificate or key was not accepted.</summary>
    SecurityError,

    /// <summary>It took too long.</summary>
    OperationTimeout,

    /// <summary>The migration was stopped on request.</summary>
    OperationStopped,

    /// <summary>Memory, disk space or another resource is missing.</summary>
    ResourceUnavailable,

    /// <summary>Something else has it in use.</summary>
    ResourceBusy,

    /// <summary>It already exists.</summary>
    ResourceExists,

    /// <summary>A device or its image could not be used.</summary>
    DeviceError,

    /// <summary>The hypervisor or its version cannot do this.</summary>
    NotImplemented,

    /// <summary>The peer's answer makes no sense.</summary>
    ProtocolError,

    /// <summary>The hypervisor reported an error.</summary>
    InvalidResult,
}
