using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>libvirt keeps its last error per thread: it is read right after the call, on the thread that called.</summary>
internal static unsafe class LibvirtError
{
    /// <summary>The calling thread's last error as an exception.</summary>
    internal static LibvirtException Last(string function, string? host)
    {
        var error = Native.virGetLastError();
        if (error is null)
            return new LibvirtException(LibvirtErrorCode.InternalError, 0, $"{function} failed without an error message", function, host);
        var exception = new LibvirtException(
            (LibvirtErrorCode)error->Code, error->Domain, Native.PeekString(error->Message) ?? "unknown error", function, host)
        {
            SystemError = error->Code == (int)LibvirtErrorCode.SystemError ? error->Int1 : 0,
        };
        Native.virResetLastError();
        return exception;
    }
}
