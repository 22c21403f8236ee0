using LiveMigration.Streams.Descriptions;

namespace LiveMigration.Streams.Reading;

/// <summary>The sections that come whole: where each ends, and the bytes of those whose fields were asked for.</summary>
/// <param name="description">QEMU's description, where it could be found before the walk.</param>
/// <param name="isKept">Whose fields were asked for.</param>
internal sealed class DeviceStates(StreamDescription? description, Predicate<StreamSection>? isKept)
{
    /// <summary>The most that is kept of all devices together.</summary>
    private const long MostKept = 1 << 27;

    private readonly List<SectionTally> _all = [];
    private long _kept;

    internal StreamDescription? Description => description;

    /// <summary>Reads a state and its footer.</summary>
    internal void Read(SectionTally section, StreamInput input, SectionEnd end, Findings findings)
    {
        _all.Add(section);
        if (isKept?.Invoke(section.Sum()) == true && _kept < MostKept)
            section.Kept = new KeptState();
        if (!Described(section, input, end))
        {
            section.Length = end.Find(section.Id, section.Kept);
            section.IsLengthFound = true;
            if (description?.Find(section.Name, section.Instance) is { } device && device.Length != section.Length)
                findings.Add(section.StateOffset, $"The state of '{section.Sum().Title}' is {section.Length} bytes long, and QEMU's description says {device.Length}.");
        }

        _kept += section.Kept?.Bytes.Length ?? 0;
    }

    /// <summary>Compares all sections with the description, once both are known.</summary>
    internal void Check(StreamDescription found, Findings findings)
    {
        foreach (var (section, device) in _all.Zip(found.Devices))
        {
            if ((section.Name, section.Instance) != (device.Name, device.InstanceId))
            {
                findings.Add(section.Offset, $"The section '{section.Sum().Title}' stands where QEMU's description has '{device.Name}[{device.InstanceId}]'.");
                return;
            }

            if (device.Version is { } version && version != section.Version)
                findings.Add(section.Offset, $"The section '{section.Sum().Title}' has version {section.Version}, and QEMU's description says {version}.");
            if (section.IsLengthFound && description is null && section.Length != device.Length)
                findings.Add(section.StateOffset, $"The state of '{section.Sum().Title}' is {section.Length} bytes long, and QEMU's description says {device.Length}.");
            section.IsLengthFound &= section.Length != device.Length;
        }

        if (_all.Count != found.Devices.Count)
            findings.Add(_all.Count > 0 ? _all[^1].Offset : 0, $"There are {_all.Count} sections of devices, and QEMU's description has {found.Devices.Count}.");
    }

    /// <summary>The fields that were asked for.</summary>
    internal IReadOnlyList<DeviceField> Fields(StreamDescription? found) =>
        [.. _all.Where(section => section.Kept is { IsTooLong: false }).SelectMany(section => Fields(section, found?.Find(section.Name, section.Instance)))];

    private static IReadOnlyList<DeviceField> Fields(SectionTally section, DeviceDescription? device) =>
        new FieldDecoder(section.Sum(), section.StateOffset).Decode(section.Kept!.Bytes, device?.State ?? new StateDescription());

    /// <summary>Whether the footer stands where the description says that the state ends.</summary>
    private bool Described(SectionTally section, StreamInput input, SectionEnd end)
    {
        if (!input.CanSeek || description?.Find(section.Name, section.Instance) is not { } device || device.Length > input.Length - input.Position)
            return false;
        for (var left = device.Length; left > 0;)
        {
            var part = input.Peek((int)Math.Min(left, StreamInput.Window));
            if (part.IsEmpty)
                break;
            section.Kept?.Add(part);
            left -= part.Length;
            input.Skip((ulong)part.Length);
        }

        section.Length = device.Length;
        if (end.TryTake(section.Id))
            return true;
        section.Kept?.Clear();
        input.SeekTo(section.StateOffset);
        return false;
    }
}
