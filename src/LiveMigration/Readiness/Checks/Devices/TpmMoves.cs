using System.Xml.Linq;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM072: an emulated TPM moves; a real one is soldered.</summary>
internal sealed class TpmMoves()
    : ReadinessCheck("LM072", "The VM's TPM can be migrated", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#tpm-device")
{
    /// <summary>Until then swtpm keeps the lock of a state that both hosts see.</summary>
    private static readonly Version LetsGo = new(0, 8, 0);

    private static readonly string[] SharedStorage = ["nfs", "ceph", "gfs2", "gfs/gfs2", "ocfs2", "gpfs", "lustre", "fuseblk", "fuse.glusterfs", "cifs", "smb2"];

    /// <summary>Whether libvirt takes a file system of this type for shared storage.</summary>
    internal static bool IsShared(string type) => SharedStorage.Contains(type);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) =>
        facts.Devices("tpm").Elements("backend").SelectMany(backend => Judge(facts, backend));

    private static IEnumerable<Outcome> Judge(ReadinessFacts facts, XElement backend)
    {
        if ((string?)backend.Attribute("type") is not "emulator")
        {
            yield return (string?)backend.Attribute("type") is "external"
                ? Doubtful("The TPM is served by a process outside libvirt, whose state is not migrated.")
                : Broken("The TPM is a hardware chip of the source.", subject: (string?)backend.Attribute("type"));
            yield break;
        }

        var secret = (string?)backend.Element("encryption")?.Attribute("secret");
        if (secret is not null && !facts.Destination.Secrets.Value.Any(one => one.Uuid == secret))
            yield return Broken($"The TPM's state is encrypted with the secret {secret}, which {facts.Destination.Name} does not have. Set its value as well, with 'virsh secret-set-value'.", FixCommand.Copy(facts, "secret-dumpxml", "secret-define", secret));
        else
            yield return Versions(facts) ?? Pass("The TPM is emulated (swtpm): its state is migrated with the VM.");
    }

    /// <summary>What is wrong with the two hosts' swtpm; null where nothing is, or nobody tells.</summary>
    private static Outcome? Versions(ReadinessFacts facts)
    {
        var (here, there) = (Look(facts.Source), Look(facts.Destination));
        var shared = new[] { here.TpmStorage, there.TpmStorage }.FirstOrDefault(SharedStorage.Contains);
        var old = new[] { (facts.Source.Name, here.Swtpm), (facts.Destination.Name, there.Swtpm) }.FirstOrDefault(host => host.Swtpm is { } swtpm && swtpm < LetsGo);
        if (shared is not null && old.Name is not null)
            return Broken($"The state of TPMs is on shared storage ({shared}), and swtpm {old.Swtpm} on {old.Name} does not release it for the other host. Update it to {LetsGo}.");
        return here.Swtpm is { } newer && there.Swtpm is { } older && older < newer
            ? Doubtful($"{facts.Source.Name} has swtpm {here.Swtpm}, and {facts.Destination.Name} has {there.Swtpm}, which may not read the state of a newer one.")
            : null;
    }

    private static MachineLook Look(HostSnapshot host) => host.Machine is { IsHad: true, Value: var look } ? look : MachineLook.None;
}
