using static LiveMigration.Hypervisors.Qemu.Comparison.QemuDifferenceVerdict;

namespace LiveMigration.Hypervisors.Qemu.Comparison;

/// <summary>The devices, each with the one that is in its place: that is how a stream finds them. Their ids are not in it.</summary>
internal static class DeviceRules
{
    /// <summary>Devices that write no state.</summary>
    private static readonly HashSet<string> WithoutState = ["isa-debugcon", "isa-debug-exit", "pc-testdev", "pvpanic"];

    /// <summary>Devices that are counted in the state of the one that they are on.</summary>
    private static readonly HashSet<string> Counted = ["virtserialport", "virtconsole"];

    /// <returns>What was found, and the places of devices that are told to differ as a whole.</returns>
    internal static (IReadOnlyList<QemuDifference> Found, IReadOnlySet<string> Places) Compare(QemuConfiguration source, QemuConfiguration destination)
    {
        if (source.Devices is not { } here || destination.Devices is not { } there)
            return ([Verdicts.NotAsked("-device", null, null)], new HashSet<string>());
        var found = new List<QemuDifference>();
        var places = new HashSet<string>(StringComparer.Ordinal);
        var (left, right) = (here.ToList(), there.ToList());
        Pair(left, right, (one, other) => one.Place == other.Place && !one.IsPlaceUntold && !other.IsPlaceUntold, (one, other) => Same(one, other, source, destination, found, places));
        Pair(left, right, (one, other) => one.Type == other.Type && one.Id == other.Id && (one.IsPlaceUntold || other.IsPlaceUntold), (one, other) => Untold(one, other, source, destination, found, places));
        Pair(left, right, (one, other) => one.Type == other.Type && (one.IsPlaceUntold || other.IsPlaceUntold), (one, other) => Untold(one, other, source, destination, found, places));
        Pair(left, right, (one, other) => one.Type == other.Type && one.Bus == other.Bus && (one.IsPlacedByOrder || other.IsPlacedByOrder), (one, other) => Somewhere(one, other, source, destination, found, places));
        Pair(left, right, (one, other) => one.Id is not null && one.Id == other.Id && one.Type == other.Type, (one, other) => Moved(one, other, found, places));
        Pair(left, right, (one, other) => one.Type == other.Type, (one, other) => Moved(one, other, found, places));
        foreach (var device in left)
        {
            var stateless = WithoutState.Contains(device.Type);
            found.Add(Verdicts.Missing(
                device.Words, "there", stateless ? Dangerous : Fatal,
                stateless ? "QEMU accepts it, as it writes no state; the guest loses the device." : $"QEMU refuses: Unknown savevm section or instance, or ramblock, of {device.Type}.", $"Start the destination with {device.Words}."));
            places.Add(device.Place);
        }

        foreach (var device in right)
        {
            var counted = Counted.Contains(device.Type);
            found.Add(Verdicts.Extra(
                device.Words, "there", counted ? Fatal : Dangerous,
                counted ? "QEMU refuses: the device that it is on has another number of ports." : "QEMU accepts it, and has a device that the guest does not know.", $"Start the destination without {device.Words}."));
            places.Add(device.Place);
        }

        return (found, places);
    }

    private static void Pair(List<QemuDevice> left, List<QemuDevice> right, Func<QemuDevice, QemuDevice, bool> fit, Action<QemuDevice, QemuDevice> take)
    {
        foreach (var one in left.ToArray())
        {
            if (right.FirstOrDefault(other => fit(one, other)) is not { } other)
                continue;
            left.Remove(one);
            right.Remove(other);
            take(one, other);
        }
    }

    private static void Moved(QemuDevice one, QemuDevice other, List<QemuDifference> found, HashSet<string> places)
    {
        found.Add(Verdicts.Of(
            $"place of {one.Words}", one.Place.Trim(), other.Place.Trim(), Fatal, "QEMU refuses: Unknown savevm section or instance, or Bad config data.", $"Start the destination with {one.Words} in that place."));
        places.Add(one.Place);
        places.Add(other.Place);
    }

    /// <summary>Nothing is said of its place, nor, as it may be, of itself.</summary>
    private static void Untold(QemuDevice one, QemuDevice other, QemuConfiguration source, QemuConfiguration destination, List<QemuDifference> found, HashSet<string> places)
    {
        if (one.Properties is null || other.Properties is null)
        {
            found.Add(Verdicts.NotAsked(one.Words, one.Properties is null ? null : "there", other.Properties is null ? null : "there"));
            return;
        }

        found.Add(Verdicts.NotAsked($"place of {one.Words}", one.IsPlaceUntold ? null : one.Place.Trim(), other.IsPlaceUntold ? null : other.Place.Trim()));
        Same(one, other, source, destination, found, places);
    }

    private static void Somewhere(QemuDevice one, QemuDevice other, QemuConfiguration source, QemuConfiguration destination, List<QemuDifference> found, HashSet<string> places)
    {
        found.Add(new QemuDifference
        {
            What = $"place of {one.Words}", Source = one.IsPlacedByOrder ? "any" : one.Place.Trim(), Destination = other.IsPlacedByOrder ? "any" : other.Place.Trim(), Verdict = Unknown,
            Why = "One has its place from the command line and the other from QEMU, which does not say which.", Remedy = "Give both the same place on the command line.",
        });
        Same(one, other, source, destination, found, places);
    }

    private static void Same(QemuDevice one, QemuDevice other, QemuConfiguration source, QemuConfiguration destination, List<QemuDifference> found, HashSet<string> places)
    {
        if (one.Type != other.Type)
        {
            found.Add(Verdicts.Of($"-device at {one.Place.Trim()}", one.Type, other.Type, Fatal, "QEMU refuses: the state, ROM or configuration of one is unknown to the other.", $"Start the destination with {one.Words}."));
            places.Add(one.Place);
            return;
        }

        var before = found.Count;
        if (one.Id != other.Id)
        {
            found.Add(Verdicts.Of(
                $"id= of {one.Words}", one.Id ?? "none", other.Id ?? "none", Dangerous, "QEMU accepts it; what unplugs or asks for the device by its name later does not find it.", $"Start the destination with {one.Words}."));
        }

        foreach (var name in one.Properties!.Keys.Union(other.Properties!.Keys).Where(DevicePropertyRules.IsCompared).Order(StringComparer.Ordinal))
        {
            var (value, theirs) = (one.Properties.GetValueOrDefault(name), other.Properties.GetValueOrDefault(name));
            var what = $"{one.Words},{name}=";
            if (one.Properties.ContainsKey(name) && other.Properties.ContainsKey(name))
            {
                if (value is not null && value == theirs)
                    continue;
                var (verdict, why) = DevicePropertyRules.Judge(name, value, theirs);
                if (verdict is Unknown && source.Facts.Machine != destination.Facts.Machine)
                    continue; // It goes with the machine type, which is told.
                found.Add(Verdicts.Of(what, value, theirs, verdict, why, $"Start the destination with {one.Words},{name}={value}."));
            }
            else if (DevicePropertyRules.JudgeAlone(name, value, theirs) is (var meant, var because) && (meant is not Unknown || source.Facts.Machine == destination.Facts.Machine))
            {
                found.Add(new QemuDifference { What = what, Source = value, Destination = theirs, Verdict = meant, Why = because });
            }
        }

        if (found.Skip(before).Any(difference => difference.Verdict is Fatal && difference.What.EndsWith("mb=", StringComparison.Ordinal)))
            places.Add(one.Place); // Its memory is told.
        if (found.Count == before)
            found.Add(Verdicts.Of(one.Words, "there", "there", Equal, ""));
    }
}
