namespace LiveMigration.Streams.Reading;

/// <summary>The record in front of all sections: what both ends must agree on. QEMU's migration/savevm.c, <c>vmstate_configuration</c>.</summary>
internal sealed record ConfigurationRecord(string Machine)
{
    private const int LongestName = 4096;

    private const int MostCapabilities = 1024;

    /// <summary>Capabilities that both ends must have.</summary>
    internal IReadOnlyList<string> Capabilities { get; private init; } = [];

    internal Guid? Uuid { get; private init; }

    /// <summary>The guest's page size in bytes, where it is not fixed by the machine.</summary>
    internal int? PageSize { get; private init; }

    internal static ConfigurationRecord Read(StreamInput input)
    {
        var at = input.Position;
        var length = input.UInt32();
        if (length > LongestName)
            throw new BrokenStreamException(at, $"The machine type's name is {length} bytes long.");
        var configuration = new ConfigurationRecord(StreamInput.Text(input.Take((int)length)));
        while (input.Peek(1) is [5])
        {
            at = input.Position;
            input.Skip(1);
            var name = input.Name();
            var version = input.UInt32();
            configuration = (name, version) switch
            {
                ("configuration/target-page-bits", 1) => configuration with { PageSize = PageBits(input) },
                ("configuration/capabilities", 1) => configuration with { Capabilities = Names(input) },
                ("configuration/uuid", 1) => configuration with { Uuid = new Guid(input.Take(16), bigEndian: true) },
                _ => throw new BrokenStreamException(at, $"The configuration has a part '{name}', version {version}, which is not known."),
            };
        }

        return configuration;
    }

    private static int PageBits(StreamInput input)
    {
        var at = input.Position;
        var bits = input.UInt32();
        return bits is >= 10 and <= 16 ? 1 << (int)bits : throw new BrokenStreamException(at, $"The guest's pages are said to have 2^{bits} bytes.");
    }

    private static string[] Names(StreamInput input)
    {
        var at = input.Position;
        var count = input.UInt32();
        if (count > MostCapabilities)
            throw new BrokenStreamException(at, $"{count} capabilities are listed.");
        var names = new List<string>();
        while (names.Count < count)
            names.Add(input.Name());
        return [.. names];
    }
}
