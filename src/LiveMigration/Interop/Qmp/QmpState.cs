namespace LiveMigration.Interop.Qmp;

/// <summary>How far a connection has come.</summary>
internal enum QmpState
{
    /// <summary>QEMU speaks first.</summary>
    Greeting,

    /// <summary>We have said what we want of what the greeting offers.</summary>
    Negotiating,

    /// <summary>Commands and events.</summary>
    Running,

    /// <summary>Over, for whatever reason.</summary>
    Closed,
}
