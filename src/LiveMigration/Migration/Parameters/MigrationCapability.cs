namespace LiveMigration.Migration.Parameters;

/// <summary>A migration capability of a running QEMU.</summary>
public sealed record MigrationCapability
{
    /// <summary>The domain's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>QEMU's name of the capability.</summary>
    public required string Capability { get; init; }

    /// <summary>Whether it is on. QEMU's default is off for all of them.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Whether it can be set here: libvirt leaves it alone.</summary>
    public bool Settable => SetWith is null;

    /// <summary>What sets it instead, where libvirt does that itself at the start of each migration; else null.</summary>
    public string? SetWith { get; init; }

    /// <summary>What it does, in a sentence; empty for one that is newer than this library.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>For example <c>release-ram: off</c>.</summary>
    public override string ToString() => $"{Capability}: {(Enabled ? "on" : "off")}";
}
