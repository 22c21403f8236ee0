using System.Net;
using LiveMigration.State;

namespace LiveMigration.Hosts;

/// <summary>How a host is connected to, and how long it may keep us waiting.</summary>
public sealed record HostOptions
{
    /// <summary>Connect, answer and keep-alive times that suit a machine room.</summary>
    public static readonly HostOptions Default = new();

    /// <summary>Where what is changed on the host is written down, so that another process can undo it; null is the user's (<see cref="StateStore.UserFolder"/>).</summary>
    public StateStore? State { get; init; }

    /// <summary>What SASL is answered with; null when the transport needs no password.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>The time limit for connecting.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one question may take. libvirt itself waits 30 s for a domain's lock.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>The interval of keep-alive messages to a silent peer; whole seconds.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The number of unanswered keep-alive messages that end the connection.</summary>
    public int KeepAliveCount { get; init; } = 5;
}
