using System.Text.RegularExpressions;
using System.Xml.Linq;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>LM042: QEMU knows of devices and features that cannot move (blocked-reasons, QEMU 6.0).</summary>
internal sealed partial class QemuAgrees()
    : ReadinessCheck("LM042", "QEMU reports no migration blockers", CheckCategory.State, CheckSeverity.Blocker, "https://www.qemu.org/docs/master/devel/migration/main.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Domain.Monitor switch
    {
        { IsUntold: true, Reason: var reason } => [Skip(reason!)],
        { Value.BlockedReasons: [] } => [Pass("QEMU reports no blockers.")],
        var answered => answered.Value.BlockedReasons.Select(reason => Broken(reason, Fix(facts, reason))),
    };

    /// <summary>An image of a format that cannot move is copied into one that can, while the VM runs.</summary>
    private static string? Fix(ReadinessFacts facts, string reason)
    {
        if (!facts.Domain.LiveXml.IsHad || Format().Match(reason) is not { Success: true } match)
            return null;
        var disk = facts.Domain.LiveXml.Value.Elements("devices").Elements("disk")
            .FirstOrDefault(one => (string?)one.Element("source")?.Attribute("index") == match.Groups[1].Value);
        return disk is not null && DiskPath.Of(disk) is { } path
            ? FixCommand.Virsh(
                facts.Source.Host, "blockcopy", facts.Name, (string?)disk.Element("target")?.Attribute("dev") ?? "",
                Path.ChangeExtension(path, "qcow2"), "--format", "qcow2", "--transient-job", "--wait", "--pivot")
            : null;
    }

    [GeneratedRegex("format used by node '[^']*?([0-9]+)-format'")]
    private static partial Regex Format();
}
