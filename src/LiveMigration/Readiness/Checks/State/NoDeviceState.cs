using LiveMigration.Readiness.Checks.Devices;
using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.State;

/// <summary>
/// LM111: NVRAM and TPM state arrive in QEMU's stream. libvirt keeps a file that is there; QEMU writes the whole flash into it when the guest continues
/// (pflash_cfi01.c, postload_update_cb), and swtpm takes the state that arrives.
/// </summary>
internal sealed class NoDeviceState()
    : ReadinessCheck("LM111", "The destination has no other NVRAM or TPM state in the VM's place", CheckCategory.State, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#bios-bootloader")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var states = facts.Fit.States.Value;
        return states.Places.Count == 0
            ? [Pass("The VM has no NVRAM file and no emulated TPM.")]
            : states.Places.Select(place => Judge(facts, states, place));
    }

    private static Outcome Judge(ReadinessFacts facts, DeviceStates states, StatePlace place)
    {
        var (host, path, words) = (facts.Destination.Name, place.Path, place.Words);
        var others = states.Users[path].Distinct().ToArray();
        if (others.Length > 0)
            return Broken($"{path} on {host} is the {words} of '{string.Join("', '", others)}' as well, which the VM would overwrite. Name another path in one of the two definitions (virsh edit).", subject: path);
        if (!states.There.Value.TryGetValue(path, out var there))
            return Untold($"{host} does not report whether it has {path}; connect over qemu+ssh as root to check it.", path);
        if (states.Both(place) is { } both && both.Here.MayBe(both.There))
            return Shared(facts, place, both.Here, both.There);
        var here = states.Here is { IsHad: true, Value: var files } ? files.GetValueOrDefault(path) : null;
        if (facts.Demand.Offline)
            return Offline(facts, place, there);
        if (there is null)
            return Pass($"{host} has no {path}: the {words} arrives with the VM{(place.IsTpm ? "" : ", in a file that libvirt makes from the firmware's template")}.", path);
        if (place.IsRaw && here is not null && here.Size != there.Size)
            return Broken($"{path} on {host} has {there.Size} bytes, and the VM's NVRAM has {here.Size}: QEMU does not accept it. Move it out of the way.", Aside(facts, path), path);
        // libvirt has no use for the state of a TPM that did not arrive.
        var replaces = $"the {words} that arrives replaces it{(place.IsTpm ? ", and libvirt removes it if the migration fails" : "")}.";
        return facts.Destination.Domains.Value.Any(known => known.Uuid == facts.Uuid)
            ? Pass($"{host} has {path} from the time when the VM ran there: the {words} that arrives replaces it.", path)
            : Doubtful($"{host} has {path} from an earlier time: {replaces} Move it out of the way if it may be another VM's.", Aside(facts, path), path);
    }

    /// <summary>
    /// Where libvirt does not know that storage is shared, it treats the state as one that each host has for itself: the destination's swtpm finds it locked by
    /// the source's, and libvirt removes it, on the destination when the migration has failed, otherwise on the source.
    /// </summary>
    private static Outcome Shared(ReadinessFacts facts, StatePlace place, StateFile here, StateFile there)
    {
        if (!place.IsTpm)
            return Pass($"{place.Path} is the same file on both hosts.", place.Path);
        if (here.FileSystem is null || there.FileSystem is null)
            return Removed("whether libvirt knows that it is shared can be seen only over qemu+ssh; if it does not", "Connect to both hosts over qemu+ssh.");
        var unknown = new[] { (Host: facts.Source, File: here), (Host: facts.Destination, File: there) }.FirstOrDefault(one => !IsKnown(one.Host, one.File));
        return unknown.Host is null
            ? Pass($"{place.Path} is the same on both hosts, on storage that libvirt knows to be shared.", place.Path)
            : Removed(
                $"as libvirt on {unknown.Host.Name} does not know that it is shared ({unknown.File.FileSystem})",
                $"Name the folder in shared_filesystems in {QemuConfiguration.Path} on both hosts (libvirt 11.1), or keep the state on each host's own disk.");

        Outcome Removed(string why, string advice) => Broken(
            $"{place.Path} is the same on both hosts, and {why}, the migration would fail, and libvirt would remove the state of the running TPM. {advice}", subject: place.Path);
    }

    private static bool IsKnown(HostSnapshot host, StateFile file) =>
        file.FileSystem is StateFile.Named ? host.Info.Value.LibvirtVersion >= new Version(11, 1) : TpmMoves.IsShared(file.FileSystem!);

    /// <summary>Only the definition goes.</summary>
    private static Outcome Offline(ReadinessFacts facts, StatePlace place, StateFile? there) => Doubtful(
        $"-Offline copies the definition only: {facts.Destination.Name} would start the VM with {(there is null ? $"new {place.Words}" : $"the {place.Words} that {place.Path} has there")}. Copy it yourself.",
        place.IsTpm ? null : FixCommand.CopyFile(facts, place.Path), place.Path);

    private static string? Aside(ReadinessFacts facts, string path) => FixCommand.On(facts.Destination.Host, $"mv \"{path}\" \"{path}.old\"");
}
