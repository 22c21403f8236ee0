using System.Collections.Immutable;

namespace LiveMigration.Interop.Qmp;

/// <summary>A value that a command takes, as QEMU's own schema has it.</summary>
/// <param name="Name">QEMU's name.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Choices">The members of an enumeration; else none.</param>
/// <param name="Features">QEMU's notes: <c>deprecated</c>, <c>unstable</c>.</param>
public sealed record QmpParameter(string Name, QmpParameterKind Kind, ImmutableArray<string> Choices, ImmutableArray<string> Features)
{
    /// <summary>Whether it may be left out.</summary>
    public bool IsOptional { get; init; }
}

/// <summary>What a parameter of QEMU takes.</summary>
public enum QmpParameterKind
{
    /// <summary>A list or an object: nothing that one value could be.</summary>
    Structure,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>Text.</summary>
    Text,

    /// <summary>One of some words.</summary>
    Choice,
}
