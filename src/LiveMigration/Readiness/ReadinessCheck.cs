namespace LiveMigration.Readiness;

/// <summary>
/// Something that should hold before a VM moves. A pure function over the facts: it asks nobody. A check is one class in one file;
/// nothing else has to know of it.
/// </summary>
internal abstract class ReadinessCheck(string id, string title, CheckCategory category, CheckSeverity severity, string? link = null) : Check(id, title, category, severity, link)
{
    /// <summary>What there is to say; nothing means that the VM has nothing of the kind.</summary>
    private protected abstract IEnumerable<Outcome> Judge(ReadinessFacts facts);

    /// <summary>A number that some hosts do not report. A check that needs it ends here, and is Unknown.</summary>
    /// <exception cref="MissingFactException">It is not reported.</exception>
    private protected static T Reported<T>(T? number, string what)
        where T : struct => number ?? throw new MissingFactException($"The host does not report the {what} of a VM that counts here.", untold: true);

    internal IReadOnlyList<ReadinessFinding> Run(ReadinessFacts facts, CheckSeverity? overridden = null) => Findings(() => Judge(facts), overridden);
}
