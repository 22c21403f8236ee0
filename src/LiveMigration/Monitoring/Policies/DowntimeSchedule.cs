using LiveMigration.Monitoring.Policies.Rules;

namespace LiveMigration.Monitoring.Policies;

/// <summary>How the downtime that is allowed at the end develops.</summary>
public abstract record DowntimeSchedule
{
    /// <summary>QEMU's own limit: 2,000 s.</summary>
    internal static readonly TimeSpan Most = TimeSpan.FromSeconds(2000);

    private protected DowntimeSchedule()
    {
    }

    internal abstract ConvergenceRule Start(double dataSize);
}
