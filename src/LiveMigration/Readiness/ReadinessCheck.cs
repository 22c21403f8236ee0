using LiveMigration.Errors;

namespace LiveMigration.Readiness;

/// <summary>
/// Something that should hold before a VM moves. A pure function over the facts: it asks nobody. A check is one class in one file;
/// nothing else has to know of it.
/// </summary>
internal abstract class ReadinessCheck(string id, string title, CheckCategory category, CheckSeverity severity, string? link = null)
{
    internal string Id => id;

    /// <summary>The word for it beside its id: that of its class.</summary>
    internal string Name => GetType().Name;

    internal string Title => title;

    internal CheckCategory Category => category;

    /// <summary>How serious it is if the check fails, unless a policy says otherwise.</summary>
    internal CheckSeverity Severity => severity;

    internal string? Link => link;

    /// <summary>What a migration that is begun nevertheless would fail with, where that is one fault.</summary>
    internal virtual Fault Fault => Faults.NotReady;

    /// <summary>What there is to say; nothing means that the VM has nothing of the kind.</summary>
    private protected abstract IEnumerable<Outcome> Judge(ReadinessFacts facts);

    /// <summary>A number that some hosts do not report. A check that needs it ends here, and is Unknown.</summary>
    /// <exception cref="MissingFactException">It is not reported.</exception>
    private protected static T Reported<T>(T? number, string what)
        where T : struct => number ?? throw new MissingFactException($"The host does not report the {what} of a VM that counts here.", untold: true);

    internal IReadOnlyList<ReadinessFinding> Run(ReadinessFacts facts, CheckSeverity? overridden = null)
    {
        var weight = overridden ?? severity;
        return [.. Outcomes(facts).Select(outcome => Finding(outcome, weight))];
    }

    private Outcome[] Outcomes(ReadinessFacts facts)
    {
        try
        {
            return Judge(facts).ToArray() is { Length: > 0 } several ? several : [Outcome.Pass("The VM has none.")];
        }
        catch (MissingFactException missing)
        {
            return [new Outcome(missing.IsUntold ? OutcomeKind.Untold : OutcomeKind.Missing, missing.Message)];
        }
        catch (Exception unread) when (unread is FormatException or OverflowException)
        {
            return [new Outcome(OutcomeKind.Missing, $"A value in the definition, or in a host's answer, cannot be read: {unread.Message}")];
        }
    }

    private ReadinessFinding Finding(Outcome outcome, CheckSeverity weight)
    {
        var status = outcome.Kind switch
        {
            OutcomeKind.Holds => CheckStatus.Pass,
            OutcomeKind.Skipped => CheckStatus.Skipped,
            OutcomeKind.Untold or OutcomeKind.Missing => CheckStatus.Unknown,
            OutcomeKind.Broken when weight is CheckSeverity.Blocker => CheckStatus.Fail,
            _ when weight is CheckSeverity.Information => CheckStatus.Pass,
            _ => CheckStatus.Warning,
        };
        return new ReadinessFinding
        {
            Id = id,
            Check = Name,
            Title = title,
            Category = category,
            Severity = weight,
            Status = status,
            Subject = outcome.Subject,
            Evidence = outcome.Evidence,
            Fix = outcome.Fix,
            Link = link,
            Blocks = status is CheckStatus.Fail || (outcome.Kind is OutcomeKind.Missing && weight is CheckSeverity.Blocker),
            Repair = outcome.Repair,
            Fault = Fault,
        };
    }
}
