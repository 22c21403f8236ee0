namespace LiveMigration.Streams.Descriptions;

/// <summary>A section as QEMU describes it behind the stream.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="InstanceId">Its instance.</param>
/// <param name="Version">Its version; null where an old handler wrote it.</param>
/// <param name="State">Its fields.</param>
internal sealed record DeviceDescription(string Name, long InstanceId, long? Version, StateDescription State)
{
    /// <summary>Bytes of its state.</summary>
    internal long Length { get; } = State.Total;
}
