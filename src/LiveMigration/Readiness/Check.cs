using LiveMigration.Errors;

namespace LiveMigration.Readiness;

/// <summary>Something that should hold before a VM moves: what all checks have, of VMs with libvirt and without.</summary>
internal abstract class Check(string id, string title, CheckCategory category, CheckSeverity severity, string? link = null)
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

    /// <summary>What it found, as it counts.</summary>
    private protected IReadOnlyList<ReadinessFinding> Findings(Func<IEnumerable<Outcome>> judge, CheckSeverity? overridden)
    {
        var weight = overridden ?? severity;
        return [.. Outcomes(judge).Select(outcome => Finding(outcome, weight))];
    }

    private static Outcome[] Outcomes(Func<IEnumerable<Outcome>> judge)
    {
        try
        {
            return judge().ToArray() is { Length: > 0 } several ? several : [Outcome.Pass("The VM has none.")];
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
