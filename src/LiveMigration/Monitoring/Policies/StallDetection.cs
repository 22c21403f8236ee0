using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>
/// KubeVirt's stall detector (VEP 248): when what remains has stopped shrinking, it waits for a moment at which little
/// remains, and ends the migration there. Names and defaults are KubeVirt's.
/// </summary>
/// <remarks>kubevirt pkg/virt-launcher/virtwrap/stall-detector.go</remarks>
public sealed record StallDetection
{
    /// <summary>The downtime that may be used without disrupting the guest.</summary>
    public Duration MaxDowntime { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>By how many percent less must remain than before, so that it counts as progress.</summary>
    public int StallMargin { get; init; } = 4;

    /// <summary>Without progress for this long it is stalled; at first it also waits this long for a good moment.</summary>
    public Duration StallProgressTimeout { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long a switch that was decided may take to come about.</summary>
    public Duration SwitchoverTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Weight of the newest bandwidth in the average, more than 0 and up to 1.</summary>
    public double EwmaAlpha { get; init; } = 0.4;

    /// <summary>A downtime that exceeds <see cref="MaxDowntime"/> by up to this factor is worth a try.</summary>
    public double PrecopyPossibleFactor { get; init; } = 1.5;

    /// <summary>By which factor its patience shrinks each time that no good moment came.</summary>
    public double PatienceWindowDecayFactor { get; init; } = 0.5;

    /// <summary>Whether it waits for a good moment at all.</summary>
    public bool SearchLocalMinima { get; init; } = true;

    /// <summary>At which multiple of the time-out all must be over.</summary>
    public double CompletionTimeoutFactor { get; init; } = 2;
}
