namespace LiveMigration.Readiness.Qemu;

/// <summary>Something that should hold before a VM moves between two QEMUs without libvirt. A pure function over the facts.</summary>
internal abstract class QemuCheck(string id, string title, CheckCategory category, CheckSeverity severity, string? link = null) : Check(id, title, category, severity, link)
{
    private protected abstract IEnumerable<Outcome> Judge(QemuReadinessFacts facts);

    internal IReadOnlyList<ReadinessFinding> Run(QemuReadinessFacts facts, CheckSeverity? overridden = null) => Findings(() => Judge(facts), overridden);

    /// <summary>What the planner would refuse, of some kinds; or else that nothing is.</summary>
    private protected static IEnumerable<Outcome> Refused(QemuReadinessFacts facts, string pass, params QemuRefusalKind[] kinds) =>
        facts.Refusals.Where(refusal => kinds.Contains(refusal.Kind)).Select(refusal => Outcome.Broken(refusal.Why)).DefaultIfEmpty(Outcome.Pass(pass));
}
