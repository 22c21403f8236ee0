using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM042: QEMU knows of devices and features that cannot move (blocked-reasons, QEMU 6.0).</summary>
internal sealed class QemuAgrees()
    : ReadinessCheck("LM042", "QEMU itself sees nothing in the way", CheckCategory.State, CheckSeverity.Blocker, "https://www.qemu.org/docs/master/devel/migration/main.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Domain.Monitor switch
    {
        { IsUntold: true, Reason: var reason } => [Skip(reason!)],
        { Value.BlockedReasons: [] } => [Pass("It gives no reason.")],
        var answered => answered.Value.BlockedReasons.Select(reason => Broken(reason)),
    };
}
