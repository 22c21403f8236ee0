using LiveMigration.Security;
using LiveMigration.Units;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Tls;

/// <summary>
/// LM027: with TLS 1.3 GnuTLS changes the key of a connection after 2^24 records of 16 KiB, and QEMU before 10.1 could crash then.
/// </summary>
internal sealed class NoKnownTlsBug()
    : ReadinessCheck("LM027", "No known QEMU TLS bug affects a VM of this size", CheckCategory.Tls, CheckSeverity.Warning, "https://gitlab.com/qemu-project/qemu/-/issues/1937")
{
    private static readonly Version Fixed = new(10, 1, 0);
    private static readonly ByteSize OneKey = ByteSize.Parse("256GiB");

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Offline || facts.Demand.Tls is MigrationTls.Off)
            return [Skip(facts.Demand.Offline ? "No memory is sent." : "Encryption is not requested.")];
        var (memory, qemu, connections) = (new ByteSize(Reported(facts.State.MaxMemory, "memory")), facts.Source.Info.Value.HypervisorVersion, facts.Demand.Parallel ?? 1);
        if (memory.Bytes / connections < OneKey.Bytes)
            return [Pass($"A connection carries less than {OneKey} in the first pass.")];
        if (qemu >= Fixed)
            return [Pass($"{facts.Source.Name} has QEMU {qemu}, which has the fix.")];
        if (facts.Source.QemuConfiguration is { IsHad: true, Value: var configuration } && configuration.TryGetValue("migrate_tls_priority", out var priority))
            return [Pass($"{facts.Source.Name} has migrate_tls_priority {priority}.")];
        return [Broken(
            $"{memory} over {connections} connection{(connections == 1 ? "" : "s")}: QEMU {qemu} may crash when TLS changes the key of a connection after {OneKey}.",
            FixCommand.Start(facts, $"-Tls Required -Parallel {memory.Bytes / OneKey.Bytes * 2}"))];
    }
}
