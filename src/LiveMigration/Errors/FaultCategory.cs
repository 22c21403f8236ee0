namespace LiveMigration.Errors;

/// <summary>The kind of a fault, in the words of PowerShell's <c>ErrorCategory</c>: each member is a member there.</summary>
public enum FaultCategory
{
    /// <summary>The host, or the connection to it, did not answer.</summary>
    ConnectionError,

    /// <summary>There is no such host, domain or disk.</summary>
    ObjectNotFound,

    /// <summary>An argument cannot be right, or contradicts another.</summary>
    InvalidArgument,

    /// <summary>The object is not in a state in which this can be done.</summary>
    InvalidOperation,

    /// <summary>The caller is not who may do this, or cannot prove it.</summary>
    AuthenticationError,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied,

    /// <summary>The peer's certificate or key was not accepted.</summary>
    SecurityError,

    /// <summary>It took too long.</summary>
    OperationTimeout,

    /// <summary>It was stopped on request.</summary>
    OperationStopped,

    /// <summary>Memory, disk space or something else that is needed is not there.</summary>
    ResourceUnavailable,

    /// <summary>Something else has it in use.</summary>
    ResourceBusy,

    /// <summary>Such a thing is there already.</summary>
    ResourceExists,

    /// <summary>A device or its image could not be used.</summary>
    DeviceError,

    /// <summary>The hypervisor or its version cannot do this.</summary>
    NotImplemented,

    /// <summary>The peer's answer makes no sense.</summary>
    ProtocolError,

    /// <summary>The hypervisor failed to do it.</summary>
    InvalidResult,
}
