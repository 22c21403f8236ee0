using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM071: what the guest reads of its host is not on the other one.</summary>
internal sealed class NoHostFolders()
    : ReadinessCheck("LM071", "No host folder or memory is shared with the guest", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/kbase/virtiofs.html")
{
    private static readonly Version VirtiofsMoves = new(11, 3, 0);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var old = facts.Source.Info.Value.LibvirtVersion < VirtiofsMoves || facts.Destination.Info.Value.LibvirtVersion < VirtiofsMoves;
        foreach (var share in facts.Devices("filesystem"))
        {
            var tag = (string?)share.Element("target")?.Attribute("dir");
            if ((string?)share.Element("driver")?.Attribute("type") is "virtiofs")
            {
                yield return old
                    ? Broken($"virtiofs can be migrated only with libvirt {VirtiofsMoves} or newer and a virtiofsd that supports it.", subject: tag)
                    : share.Element("source")?.Attribute("socket") is not null
                        ? Doubtful("Its virtiofsd is not managed by libvirt: check whether it supports migration.", subject: tag)
                        : Doubtful($"libvirt migrates it if virtiofsd on both hosts can (since 1.11), and {facts.Destination.Name} needs the same files in {(string?)share.Element("source")?.Attribute("dir")}.", subject: tag);
            }
            else
            {
                // Only QEMU knows whether the guest has mounted it: see LM042.
                yield return Doubtful("A 9p folder cannot be migrated while the guest has it mounted.", subject: tag);
            }
        }

        foreach (var memory in facts.Devices("shmem").Where(memory => (string?)memory.Attribute("role") is not "master"))
            yield return Broken("Shared memory is migrated only with the role 'master'.", FixCommand.Detach(facts, $"//shmem[@name='{(string?)memory.Attribute("name")}']"), (string?)memory.Attribute("name"));
    }
}
