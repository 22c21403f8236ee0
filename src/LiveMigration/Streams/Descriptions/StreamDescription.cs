namespace LiveMigration.Streams.Descriptions;

/// <summary>QEMU's description of a stream, which it writes behind it.</summary>
/// <param name="PageSize">The guest's page size in bytes; null where it does not say, or what cannot be.</param>
/// <param name="Devices">The sections that came whole, in the stream's order.</param>
internal sealed record StreamDescription(int? PageSize, IReadOnlyList<DeviceDescription> Devices)
{
    private readonly Dictionary<(string, long), DeviceDescription> _byName =
        Devices.GroupBy(device => (device.Name, device.InstanceId)).ToDictionary(group => group.Key, group => group.First());

    /// <summary>That of a section; null where there is none.</summary>
    internal DeviceDescription? Find(string name, long instance) => _byName.GetValueOrDefault((name, instance));
}
