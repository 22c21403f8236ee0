using LiveMigration.Interop.Posix;

namespace LiveMigration.Interop.Qmp;

/// <summary>Carries QMP's bytes to a QEMU and back. What they mean is not its business.</summary>
internal interface IQmpTransport : IAsyncDisposable
{
    /// <summary>The other end's name for messages.</summary>
    string Peer { get; }

    /// <summary>Whether somebody else has heard the greeting and negotiated: libvirt has, on the monitor that it shares.</summary>
    bool IsNegotiated { get; }

    /// <summary>The process that listens at the other end; null where that is not known, or on another machine.</summary>
    LocalProcess? Listener => null;

    /// <summary>
    /// Sends one message. May be called while others are being sent: messages never mix, and leave in the order of the calls.
    /// A failure is this message's own; when nothing can be sent any more, <see cref="ReceiveAsync"/> tells.
    /// </summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>The next bytes, valid until the next call; none when the other end has closed. One call at a time.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken);
}
