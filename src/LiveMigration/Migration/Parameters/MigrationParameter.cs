using System.Globalization;
using LiveMigration.Interop.Qmp;
using LiveMigration.Units;

namespace LiveMigration.Migration.Parameters;

/// <summary>A migration parameter of a running QEMU. That it is there, its type and its value are QEMU's own answer.</summary>
public sealed record MigrationParameter
{
    private readonly ItemList<string> _choices = ItemList<string>.Empty;
    private readonly ItemList<string> _features = ItemList<string>.Empty;

    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>QEMU's name of the parameter.</summary>
    public required string Parameter { get; init; }

    /// <summary>
    /// What it is now: a number (<see cref="long"/>, or <see cref="ulong"/> above it) in <see cref="Unit"/>, a <see cref="bool"/>
    /// or a text; JSON of a structure; null if QEMU does not report it.
    /// </summary>
    public object? Value { get; init; }

    /// <summary>What it takes.</summary>
    public required QmpParameterKind Type { get; init; }

    /// <summary>The words that it takes, when it takes one of some; else none.</summary>
    public IReadOnlyList<string> Choices { get => _choices; init => _choices = ItemList<string>.Of(value); }

    /// <summary>What its number counts.</summary>
    public MigrationParameterUnit Unit { get; init; }

    /// <summary>The least that QEMU documents; null when it is not known.</summary>
    public long? Minimum { get; init; }

    /// <summary>The most that QEMU documents; null when it is not known.</summary>
    public long? Maximum { get; init; }

    /// <summary>QEMU's default as it is documented; null when it is not known, or not the same everywhere.</summary>
    public object? Default { get; init; }

    /// <summary>Whether it differs from the default; null when either is not known.</summary>
    public bool? Changed => Value is null || Default is null ? null : !Value.Equals(Default);

    /// <summary>Whether it can be set here: it is a single value, and libvirt leaves it alone.</summary>
    public bool Settable => SetWith is null && Type is not QmpParameterKind.Structure;

    /// <summary>What sets it instead, where libvirt does that itself; else null.</summary>
    public string? SetWith { get; init; }

    /// <summary>What it does, in a sentence; empty for one that is newer than this library.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>QEMU's own notes: <c>deprecated</c>, <c>unstable</c>.</summary>
    public IReadOnlyList<string> Features { get => _features; init => _features = ItemList<string>.Of(value); }

    /// <summary>The value with its unit: <c>64 MiB</c>.</summary>
    public string Text => Show(Value);

    /// <summary>The default with its unit; empty when it is not known.</summary>
    public string DefaultText => Show(Default);

    /// <summary>For example <c>xbzrle-cache-size = 64 MiB</c>.</summary>
    public override string ToString() => $"{Parameter} = {Text}";

    internal string Show(object? value) => (value, Unit) switch
    {
        (long number, MigrationParameterUnit.Bytes) => new ByteSize(number).ToString(),
        (long number, MigrationParameterUnit.BytesPerSecond) => $"{new ByteSize(number)}/s",
        (long number, MigrationParameterUnit.Milliseconds) => $"{number.ToString(CultureInfo.InvariantCulture)} ms",
        (long number, MigrationParameterUnit.Percent) => $"{number.ToString(CultureInfo.InvariantCulture)} %",
        (bool truth, _) => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
