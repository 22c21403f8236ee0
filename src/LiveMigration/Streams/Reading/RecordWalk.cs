using System.Buffers.Binary;
using LiveMigration.Streams.Descriptions;

namespace LiveMigration.Streams.Reading;

/// <summary>Follows a stream record by record. QEMU's migration/savevm.c, <c>qemu_loadvm_state</c>.</summary>
internal sealed class RecordWalk
{
    private const uint Magic = 0x5145564D, Version = 3;

    private const int MostSections = 65_536;

    private readonly StreamInput _input;
    private readonly Findings _findings;
    private readonly SectionEnd _end;
    private readonly RamWalk _ram;
    private readonly DirtyBitmapWalk _bitmaps;
    private readonly DeviceStates _devices;
    private readonly Dictionary<uint, SectionTally> _live = [];
    private readonly List<SectionTally> _sections = [];
    private long? _packageEnd;

    /// <param name="input">At the stream's first byte.</param>
    /// <param name="findings">Gets what is wrong.</param>
    /// <param name="image">Gets the RAM, or null.</param>
    /// <param name="devices">Knows lengths and keeps states.</param>
    internal RecordWalk(StreamInput input, Findings findings, RamImage? image, DeviceStates devices)
    {
        (_input, _findings, _devices) = (input, findings, devices);
        _end = new SectionEnd(input, _live.ContainsKey);
        _ram = new RamWalk(input, findings, image);
        _bitmaps = new DirtyBitmapWalk(input);
        if (devices.Description?.PageSize is { } size)
            _ram.PageSize = size;
    }

    internal ConfigurationRecord? Configuration { get; private set; }

    internal CommandList Commands { get; } = new();

    internal IReadOnlyList<SectionTally> Sections => _sections;

    internal RamWalk Ram => _ram;

    internal IReadOnlyList<DirtyBitmap> DirtyBitmaps => _bitmaps.Found;

    /// <summary>QEMU's description at the end; null where there is none or it was not reached.</summary>
    internal StreamDescription? Description { get; private set; }

    /// <summary>Whether a stream can begin with these bytes.</summary>
    internal static bool IsStream(ReadOnlySpan<byte> start) => start.StartsWith("QEVM"u8);

    /// <summary>Follows it to its end, or to where it cannot be followed.</summary>
    internal void Run()
    {
        try
        {
            Header();
            while (Record())
            {
            }

            End();
        }
        catch (BrokenStreamException broken)
        {
            _findings.Add(broken.Offset, broken.Message);
        }
    }

    private void Header()
    {
        var at = _input.Position;
        if (_input.UInt32() != Magic)
            throw new BrokenStreamException(at, "QEMU's mark QEVM is missing.");
        if (_input.UInt32() is var version and not Version)
            throw new BrokenStreamException(at + 4, $"The stream's version is {version}; 3 is the only one that QEMU has written since 2010.");
        if (_input.Peek(1) is not [7])
            return;
        _input.Skip(1);
        Configuration = ConfigurationRecord.Read(_input);
        _ram.PageSize = Configuration.PageSize ?? _ram.PageSize;
        _ram.Terms = new RamTerms
        {
            HasAddresses = Configuration.Capabilities.Contains("x-ignore-shared"), IsMapped = Configuration.Capabilities.Contains("mapped-ram"),
            IsBigEndian = Configuration.Machine.StartsWith("s390", StringComparison.Ordinal),
        };
    }

    /// <summary>False at the end of the list.</summary>
    private bool Record()
    {
        var at = _input.Position;
        if (_packageEnd <= at)
        {
            if (_packageEnd < at)
                _findings.Add(at, $"The package of device states should end at {_packageEnd}, and its last record ends here.");
            _packageEnd = null;
        }

        switch (_input.Byte())
        {
            case 0:
                return false;
            case 1:
                Start(at);
                return true;
            case 2:
                Part(at, last: false);
                return true;
            case 3:
                Part(at, last: true);
                return true;
            case 4:
                Full(at);
                return true;
            case 8:
                Command(at);
                return true;
            case var other:
                throw new BrokenStreamException(at, $"0x{other:x2} is no record.");
        }
    }

    private SectionTally Section(long at, bool live)
    {
        var id = _input.UInt32();
        var name = _input.Name();
        var section = new SectionTally(name, _input.UInt32(), _input.UInt32(), id, live, at) { StateOffset = _input.Position };
        if (_sections.Count == MostSections)
            throw new BrokenStreamException(at, $"There are more than {MostSections} sections.");
        _sections.Add(section);
        return section;
    }

    private void Start(long at)
    {
        var section = Section(at, live: true);
        if (!_live.TryAdd(section.Id, section))
            throw new BrokenStreamException(at, $"The section '{section.Name}' begins with the number {section.Id}, which '{_live[section.Id].Name}' has.");
        Body(section);
    }

    private void Part(long at, bool last)
    {
        var id = _input.UInt32();
        if (!_live.TryGetValue(id, out var section))
            throw new BrokenStreamException(at, $"A part of section {id} comes, which has not begun.");
        if (section.IsEnded)
            _findings.Add(at, $"A part of the section '{section.Name}' comes after its end.");
        section.IsEnded |= last;
        Body(section);
    }

    private void Body(SectionTally section)
    {
        var start = _input.Position;
        section.Parts++;
        switch (section.Name)
        {
            case "ram" when section.Version == 4:
                _ram.Read();
                break;
            case "dirty-bitmap" when section.Version == 1:
                _bitmaps.Read();
                break;
            default:
                section.IsLengthFound = true;
                section.Length += _end.Find(section.Id, kept: null);
                return;
        }

        section.Length += _input.Position - start;
        if (!_end.TryTake(section.Id))
            throw new BrokenStreamException(_input.Position, $"The section '{section.Name}' should end here, and its footer is missing.");
    }

    private void Full(long at)
    {
        var section = Section(at, live: false);
        section.Parts = 1;
        _devices.Read(section, _input, _end, _findings);
    }

    private void Command(long at)
    {
        var number = _input.UInt16();
        var length = _input.UInt16();
        Commands.Add(number, length, at, _findings);
        if (number == CommandList.Packaged && length == 4)
        {
            var size = _input.UInt32();
            if (_packageEnd is not null)
                throw new BrokenStreamException(at, "A package of device states is within another.");
            _packageEnd = _input.Position + size;
            return;
        }

        if (number == CommandList.Advise && length == 16)
            _ram.Terms = _ram.Terms with { PageSizes = BinaryPrimitives.ReadUInt64BigEndian(_input.Take(length)) };
        else
            _input.Skip((ulong)length);
    }

    private void End()
    {
        // A snapshot in the background sends each page once and leaves the end of the RAM out.
        foreach (var section in _live.Values.Where(section => !section.IsEnded && !(section.Name == "ram" && _ram.Sum().All(block => block.Missing is 0))))
            _findings.Add(section.Offset, $"The section '{section.Name}' never ends.");
        if (_input.Peek(1) is [6])
            ReadDescription();
        if (!_input.IsAtEnd)
            _findings.Add(_input.Position, "The stream ends here, and something follows it.");
    }

    private void ReadDescription()
    {
        _input.Skip(1);
        var length = _input.UInt32();
        var at = _input.Position;
        if (length > DescriptionSearch.Longest)
            throw new BrokenStreamException(at, $"QEMU's description of the devices is {length} bytes long; no more than {DescriptionSearch.Longest} are read.");
        // As far as it is there: a length is no reason to take so much memory.
        var text = new MemoryStream();
        while (text.Length < length && _input.Peek((int)Math.Min(length - text.Length, StreamInput.Window)) is { IsEmpty: false } part)
        {
            text.Write(part);
            _input.Skip((ulong)part.Length);
        }

        if (text.Length < length)
            throw new BrokenStreamException(_input.Position, $"The stream ends here, within QEMU's description of the devices, {length - text.Length} bytes too early. QEMU would load it all the same.");
        Description = DescriptionReader.Read(text.GetBuffer().AsSpan(0, (int)text.Length), at);
    }
}
