namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>Something in which two QEMUs differ, and what that means for a guest that is migrated from the first to the second.</summary>
public sealed record QemuDifference
{
    /// <summary>What differs, in the words of the command line: <c>-m slots=</c>, <c>-device virtio-rng-pci,addr=05.0</c>, ….</summary>
    public required string What { get; init; }

    /// <summary>What the source has; null where it has nothing, or where that could not be asked.</summary>
    public string? Source { get; init; }

    /// <summary>What the destination has; null where it has nothing, or where that could not be asked.</summary>
    public string? Destination { get; init; }

    /// <summary>What it means.</summary>
    public required QemuDifferenceVerdict Verdict { get; init; }

    /// <summary>Why: what QEMU would say, or what would happen to the guest.</summary>
    public string Why { get; init; } = "";

    /// <summary>What to do about it; empty where there is nothing to do.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>For example <c>Fatal: -m slots= is 2, and 4 at the destination. …</c>.</summary>
    public override string ToString() => Verdict is QemuDifferenceVerdict.Equal ? $"Equal: {What} {Source}" : $"{Verdict}: {Sentence}";

    /// <summary>Both values, and why it matters.</summary>
    internal string Sentence => $"{What}: {Source ?? "nothing"}, and {Destination ?? "nothing"} at the destination. {Why}".TrimEnd();
}

/// <summary>What a difference between two QEMUs means.</summary>
public enum QemuDifferenceVerdict
{
    /// <summary>They do not differ in this.</summary>
    Equal,

    /// <summary>QEMU accepts it, and the guest does not notice.</summary>
    Harmless,

    /// <summary>It could not be asked, or it is not known what QEMU makes of it.</summary>
    Unknown,

    /// <summary>QEMU accepts it, and it is dangerous all the same: at once, later, or once the guest's driver uses it.</summary>
    Dangerous,

    /// <summary>The destination refuses the guest.</summary>
    Fatal,
}
