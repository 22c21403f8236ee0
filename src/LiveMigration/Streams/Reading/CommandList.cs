namespace LiveMigration.Streams.Reading;

/// <summary>The commands in a stream, counted by kind. QEMU's migration/savevm.c, <c>mig_cmd_args</c>.</summary>
internal sealed class CommandList
{
    internal const int Advise = 3, Run = 5, Packaged = 7;

    private static readonly (string Name, int Length)[] Known =
    [
        ("", -1), ("OPEN_RETURN_PATH", 0), ("PING", 4), ("POSTCOPY_ADVISE", -1), ("POSTCOPY_LISTEN", 0), ("POSTCOPY_RUN", 0), ("POSTCOPY_RAM_DISCARD", -1),
        ("PACKAGED", 4), ("ENABLE_COLO", 0), ("POSTCOPY_RESUME", 0), ("RECV_BITMAP", -1), ("SWITCHOVER_START", 0),
    ];

    private readonly Dictionary<int, StreamCommand> _found = [];

    internal IReadOnlyList<StreamCommand> Found => [.. _found.Values.OrderBy(command => command.Offset)];

    internal bool HasPostCopy => _found.ContainsKey(4) || _found.ContainsKey(Run);

    internal void Add(int number, int length, long offset, Findings findings)
    {
        var known = number > 0 && number < Known.Length;
        var name = known ? Known[number].Name : $"0x{number:x}";
        if (!known)
            findings.Add(offset, $"The command 0x{number:x} is not known.");
        else if (Known[number].Length is >= 0 and var expected && expected != length)
            findings.Add(offset, $"The command {name} has {length} bytes of data instead of {expected}.");
        var before = _found.GetValueOrDefault(number);
        _found[number] = before is null ? new StreamCommand(name, offset, 1) : before with { Count = before.Count + 1 };
    }
}
