using LiveMigration.Domains;

namespace LiveMigration.Readiness;

/// <summary>What a cut-off copy left in a domain's QEMU is removed.</summary>
/// <param name="Domain">The domain.</param>
internal sealed record DomainRepair(LibvirtDomain Domain) : Repair
{
    internal override string Command =>
        $"Test-MigrationReadiness {FixCommand.Quote(Domain.Name)} -HostName {FixCommand.Quote(Domain.HostName)} -Check LM110 -AllowMonitor | Repair-MigrationReadiness";

    /// <summary>For example <c>Remove what an earlier disk copy left in the QEMU of 'web' on a</c>.</summary>
    public override string ToString() => $"Remove what an earlier disk copy left in the QEMU of '{Domain.Name}' on {Domain.HostName} (through its monitor, which taints it)";

    internal override Task DoAsync(CancellationToken cancellationToken) => Domain.RemoveCopyLeftoversAsync(cancellationToken);
}
