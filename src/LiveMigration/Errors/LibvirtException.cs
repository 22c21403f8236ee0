namespace LiveMigration.Errors;

/// <summary>An error that libvirt reported, with its full details.</summary>
public sealed class LibvirtException : LiveMigrationException
{
    internal LibvirtException(LibvirtErrorCode code, int errorDomain, string libvirtMessage, string function, string? host)
        : base(LibvirtFaults.Classify(code, libvirtMessage), Describe(libvirtMessage, host), host)
    {
        Code = code;
        ErrorDomain = errorDomain;
        LibvirtMessage = libvirtMessage;
        Function = function;
    }

    /// <summary>libvirt's error number.</summary>
    public LibvirtErrorCode Code { get; }

    /// <summary>The part of libvirt that raised it (<c>virErrorDomain</c>).</summary>
    public int ErrorDomain { get; }

    /// <summary>What libvirt said, unchanged.</summary>
    public string LibvirtMessage { get; }

    /// <summary>The function of libvirt that failed, for example <c>virDomainMigrateToURI3</c>.</summary>
    public string Function { get; }

    /// <summary>The <c>errno</c> of the host where that is the error; 0 where it is another.</summary>
    internal int SystemError { get; init; }

    private static string Describe(string message, string? host)
    {
        var sentence = message.TrimEnd('.', ' ', '\n');
        return host is null ? $"{sentence}." : $"{host}: {sentence}.";
    }
}
