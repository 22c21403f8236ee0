using LiveMigration.Readiness.Checks.Storage;
using LiveMigration.Security;
using LiveMigration.Storage;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Tls;

/// <summary>LM026: libvirt looks for another name than -TlsName in the certificate of a copied disk before 10.3.0.</summary>
internal sealed class DisksEncrypted()
    : ReadinessCheck("LM026", "Copied disks can be encrypted like memory", CheckCategory.Tls, CheckSeverity.Warning, "https://libvirt.org/news.html")
{
    private static readonly Version Since = new(10, 3, 0);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        if (facts.Demand.Tls is not MigrationTls.Required || facts.Demand is { Parallel: null, PostCopy: false })
            return [Skip("Encryption with several connections or post-copy is not requested.")];
        var older = new[] { facts.Source.Info.Value, facts.Destination.Info.Value }.Where(host => host.LibvirtVersion < Since).ToArray();
        var copied = DiskPlan.Of(facts).Moves.Any(move => move.Transfer is not DiskTransfer.None);
        return [copied && older.Length > 0
            ? Broken($"{older[0].Name} has libvirt {older[0].LibvirtVersion}: before {Since}, the certificate check fails for disks that are copied together with several connections or post-copy.")
            : Pass(copied ? $"Both hosts have libvirt {Since} or newer." : "No disk is copied.")];
    }
}
