using LiveMigration.Errors;
using LiveMigration.Monitoring.Policies.Checks;
using LiveMigration.Monitoring.Policies.Rules;
using LiveMigration.Planning;
using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies;

/// <summary>How migrations are started, and what happens when they do not converge.</summary>
public sealed record MigrationPolicy
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Limit of the memory stream; null leaves libvirt's (unlimited).</summary>
    public Bandwidth? Bandwidth { get; init; }

    /// <summary>Slow the guest down while it changes memory faster than it can be sent.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>How much auto-converge slows the guest down at first, in percent, 1 to 99; null leaves QEMU's 20.</summary>
    public int? AutoConvergeInitial { get; init; }

    /// <summary>How much more with each step, in percent, 1 to 99; null leaves QEMU's 10.</summary>
    public int? AutoConvergeIncrement { get; init; }

    /// <summary>Permit post-copy.</summary>
    public bool PostCopy { get; init; }

    /// <summary>Limit of the memory stream after the switch to post-copy; null is unlimited.</summary>
    public Bandwidth? PostCopyBandwidth { get; init; }

    /// <summary>Number of connections for memory (multifd), 1 to 255; null is one channel without multifd.</summary>
    public int? Parallel { get; init; }

    /// <summary>How pages are compressed.</summary>
    public MigrationCompression Compression { get; init; }

    /// <summary>How hard to compress: 1 to 9 for zlib, 1 to 20 for zstd, 0 to 9 for mt; null leaves QEMU's 1.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>
    /// xbzrle's cache as a share of the guest's memory, in percent, rounded up to a power of two; null leaves QEMU's 64 MiB.
    /// </summary>
    public int? XbzrleCacheShare { get; init; }

    /// <summary>Send memory without copying it first; several connections, no TLS, no compression.</summary>
    public bool ZeroCopy { get; init; }

    /// <summary>Encrypt memory and disks with QEMU's own TLS, or move nothing.</summary>
    public bool Tls { get; init; }

    /// <summary>How many such migrations may leave or reach a host at a time; null is not said.</summary>
    public int? ConcurrentMigrations { get; init; }

    /// <summary>How times per GiB count.</summary>
    public DataMeasure DataSize { get; init; }

    /// <summary>How the allowed downtime develops; null leaves what is set.</summary>
    public DowntimeSchedule? Downtime { get; init; }

    /// <summary>What is done as pass after pass brings no end.</summary>
    public ConvergenceSchedule? Convergence { get; init; }

    /// <summary>How long it may take.</summary>
    public CompletionTimeout? Timeout { get; init; }

    /// <summary>It is aborted when for this long no look found less remaining than the look before.</summary>
    public Duration? ProgressTimeout { get; init; }

    /// <summary>Finds out that it does not converge, and acts at a good moment; takes the place of the other means.</summary>
    public StallDetection? Stall { get; init; }

    /// <summary>Decides by a forecast, up to the deadline that <see cref="Timeout"/> sets; takes the place of the other means.</summary>
    public AdaptiveControl? Adaptive { get; init; }

    /// <summary>Its problems; empty if it can be used.</summary>
    public IReadOnlyList<PolicyProblem> Problems() => [.. PolicyRules.Broken(this)];

    /// <summary>Throws one error that names every problem.</summary>
    /// <exception cref="LiveMigrationException">The policy has <see cref="Problems"/>.</exception>
    public void Validate()
    {
        var problems = string.Join(' ', Problems().Select(problem => $"{problem.Path}: {problem.Message}"));
        if (problems.Length > 0)
            throw new LiveMigrationException(Faults.InvalidPolicy, $"The policy '{Name}' cannot be used: {problems}");
    }

    /// <summary>Begins to decide about one migration.</summary>
    /// <param name="facts">What is known about the domain.</param>
    /// <exception cref="LiveMigrationException">The policy has <see cref="Problems"/>.</exception>
    public ConvergencePolicy Start(PolicyFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        Validate();
        return new ConvergencePolicy(this, [.. RulesFor(facts)]);
    }

    /// <summary>Options with what the policy starts migrations with; what was requested explicitly takes precedence.</summary>
    /// <param name="options">The requested options.</param>
    /// <param name="facts">What is known about the domain.</param>
    public MigrationOptions ApplyTo(MigrationOptions options, PolicyFacts facts)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(facts);
        if (options.Offline)
            return options;
        return PolicyOptions.Of(this, options, facts);
    }

    /// <summary>The policy's name.</summary>
    public override string ToString() => Name;

    private IEnumerable<ConvergenceRule> RulesFor(PolicyFacts facts)
    {
        var dataSize = facts.DataSize(DataSize);
        var postCopy = PostCopy && facts.MayPostCopy;
        if (Stall is { } stall)
        {
            yield return new StallRule(stall, Timeout!, dataSize, postCopy);
            yield break;
        }

        // In KubeVirt's order: what helps, then what ends.
        if ((Adaptive?.Initial(Downtime) ?? Downtime) is { } downtime)
            yield return downtime.Start(dataSize);
        if (Convergence is { } convergence)
            yield return new ConvergenceScheduleRule(convergence, postCopy);
        if (Adaptive is { } adaptive)
        {
            yield return new AdaptiveRule(adaptive, this, facts);
            yield break;
        }

        if (Timeout is { } timeout)
            yield return new CompletionTimeoutRule(timeout, dataSize, postCopy, facts.HasVfio);
        if (ProgressTimeout is { } limit)
            yield return new ProgressTimeoutRule(limit);
    }
}
