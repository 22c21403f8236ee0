namespace LiveMigration.Errors;

/// <summary>Anything that this library reports as failed: what, on which host, why, and what to do.</summary>
public class LiveMigrationException : Exception
{
    /// <summary>Makes an exception that carries a fault.</summary>
    /// <param name="fault">What kind of failure it is.</param>
    /// <param name="message">What failed and why, naming host and domain.</param>
    /// <param name="host">The host where it failed, when there is one.</param>
    /// <param name="innerException">The cause.</param>
    public LiveMigrationException(Fault fault, string message, string? host = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
        Host = host;
    }

    /// <summary>What kind of failure it is, and what to do about it.</summary>
    public Fault Fault { get; }

    /// <summary>The host where it failed, when there is one.</summary>
    public string? Host { get; }

    /// <summary>The target of the disk that it is about, for example <c>vda</c>; null where it is about none.</summary>
    internal string? Disk { get; init; }
}
