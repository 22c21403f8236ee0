namespace LiveMigration.Streams;

/// <summary>A command of the source to the destination, and how often it is in the stream.</summary>
/// <param name="Name">QEMU's name, for example <c>POSTCOPY_LISTEN</c>.</param>
/// <param name="Offset">Where the first one is.</param>
/// <param name="Count">How many there are.</param>
public sealed record StreamCommand(string Name, long Offset, long Count)
{
    /// <summary>Its name, and how often where it is more than once.</summary>
    public override string ToString() => Count == 1 ? Name : $"{Name} ({Count})";
}
