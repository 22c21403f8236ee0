namespace LiveMigration.Readiness.KnownFaults;

/// <summary>A fault of some versions of QEMU that a migration of such a VM would meet.</summary>
internal sealed record KnownFault
{
    /// <summary>What it is about, as a finding's subject.</summary>
    internal required string Name { get; init; }

    /// <summary>Versions that have it: from the first of each pair on, and before the second.</summary>
    internal required IReadOnlyList<(Version First, Version Fixed)> Versions { get; init; }

    /// <summary>Whether the destination's QEMU may meet it, too, and not the source's alone.</summary>
    internal bool OnDestination { get; init; }

    /// <summary>Whether it is this VM, moved in this way, that meets it; null where that cannot be told.</summary>
    internal required Func<ReadinessFacts, bool?> Meets { get; init; }

    /// <summary>What happens, and the way round.</summary>
    internal required string Words { get; init; }

    /// <summary>Why it may not be told whether the VM meets it.</summary>
    internal string Untold { get; init; } = "";

    /// <summary>A command that leads round it; null where there is none.</summary>
    internal Func<ReadinessFacts, string>? Fix { get; init; }

    /// <summary>Where the fault is described.</summary>
    internal required string Source { get; init; }

    internal bool IsIn(Version qemu) => Versions.Any(range => qemu >= range.First && qemu < range.Fixed);
}
