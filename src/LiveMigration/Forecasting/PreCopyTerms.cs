namespace LiveMigration.Forecasting;

/// <summary>What a simulated migration starts from. Times are seconds, sizes are bytes.</summary>
internal sealed record PreCopyTerms
{
    /// <summary>What the first pass sends.</summary>
    internal required double Bytes { get; init; }

    internal required double BytesPerSecond { get; init; }

    /// <summary>The downtime limit.</summary>
    internal required double Downtime { get; init; }

    /// <summary>When it is given up.</summary>
    internal required double Deadline { get; init; }

    /// <summary>Whether QEMU holds a limit, which it does in steps of 100 ms; else it is the link that does.</summary>
    internal bool IsLimited { get; init; }

    internal bool AutoConverge { get; init; }

    /// <summary>How much the guest is slowed down already, in percent.</summary>
    internal int Throttle { get; init; }

    /// <summary>Whether QEMU looks at the dirty pages every five seconds where a pass takes longer (10.0 and later).</summary>
    internal bool LooksWithinPasses { get; init; }

    /// <summary>When pre-copy ends and post-copy begins, or the guest is paused; null for never.</summary>
    internal double? SwitchAt { get; init; }

    /// <summary>Whether that happens after the first pass.</summary>
    internal bool SwitchAfterFirstPass { get; init; }

    /// <summary>
    /// Whether pages count as written only from when their part of the memory is sent: KVM protects 1 GiB at a time, just before.
    /// </summary>
    internal bool ProtectsInParts { get; init; }
}
