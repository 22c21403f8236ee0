using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

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
            return Untold($"This user is not allowed to look for {path} on {host}; connect as root to check it.", path);
        var here = states.Here is { IsHad: true, Value: var files } ? files.GetValueOrDefault(path) : null;
        if (there is not null && there == here)
            return Shared(facts, place, here);
        if (facts.Demand.Offline)
            return Offline(facts, place, there);
        if (there is null)
            return Pass($"{host} has no {path}: the {words} arrives with the VM{(place.IsTpm ? "" : ", in a file that libvirt makes from the firmware's template")}.", path);
        if (place.IsRaw && here is not null && here.Size != there.Size)
            return Broken($"{path} on {host} has {there.Size} bytes, and the VM's NVRAM has {here.Size}: QEMU does not accept it. Move it out of the way.", Aside(facts, path), path);
        return facts.Destination.Domains.Value.Any(known => known.Uuid == facts.Uuid)
            ? Pass($"{host} has {path} from the time when the VM ran there: the {words} that arrives replaces it.", path)
            : Doubtful($"{host} has {path} from an earlier time: the {words} that arrives replaces it. Move it out of the way if it may be another VM's.", Aside(facts, path), path);
    }

    /// <summary>On storage that libvirt does not take for shared, the source's state is removed after the move.</summary>
    private static Outcome Shared(ReadinessFacts facts, StatePlace place, StateFile file) =>
        place.IsTpm && !TpmMoves.IsShared(file.FileSystem)
            ? Doubtful($"{place.Path} is the same on both hosts, on storage that libvirt may not recognize as shared ({file.FileSystem}): {facts.Source.Name} would remove it when the VM is gone. Name the folder in shared_filesystems in /etc/libvirt/qemu.conf (libvirt 11), or keep the state apart.", subject: place.Path)
            : Pass($"{place.Path} is the same file on both hosts.", place.Path);

    /// <summary>Only the definition goes.</summary>
    private static Outcome Offline(ReadinessFacts facts, StatePlace place, StateFile? there) => Doubtful(
        $"-Offline copies the definition only: {facts.Destination.Name} would start the VM with {(there is null ? $"new {place.Words}" : $"the {place.Words} that {place.Path} has there")}. Copy it yourself.",
        place.IsTpm ? null : FixCommand.CopyFile(facts, place.Path), place.Path);

    private static string? Aside(ReadinessFacts facts, string path) => FixCommand.On(facts.Destination.Host, $"mv \"{path}\" \"{path}.old\"");
}
