namespace LiveMigration.Streams;

/// <summary>How the guest's memory is written in a stream.</summary>
public enum StreamForm
{
    /// <summary>Page after page, in the order in which they were sent.</summary>
    Plain,

    /// <summary>As plain, and after the switch to post-copy the rest.</summary>
    PostCopy,

    /// <summary>Each page at a place of its own in the file (<c>mapped-ram</c>, QEMU 9.0).</summary>
    MappedRam,

    /// <summary>Over connections of its own (multifd): it is not in the file.</summary>
    Elsewhere,

    /// <summary>There is none: the state of the devices alone.</summary>
    DevicesOnly,
}
