namespace LiveMigration.Interop.Qmp;

/// <summary>What came of the bytes that the protocol was fed with.</summary>
internal abstract record QmpHappening
{
    /// <summary>This is to be sent.</summary>
    internal sealed record ToSend(ReadOnlyMemory<byte> Message) : QmpHappening;

    /// <summary>Commands may be sent from now on.</summary>
    internal sealed record Ready : QmpHappening;

    /// <summary>A command was answered, well or with an error.</summary>
    internal sealed record Answered(QmpCall Call) : QmpHappening;

    /// <summary>QEMU tells something.</summary>
    internal sealed record Told(QmpEvent Event) : QmpHappening;

    /// <summary>Nothing more can come of this connection.</summary>
    internal sealed record Broken(QmpBreak Break) : QmpHappening;
}
