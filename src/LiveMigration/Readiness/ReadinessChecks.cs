namespace LiveMigration.Readiness;

/// <summary>All checks that there are, in the order of their ids.</summary>
internal static class ReadinessChecks
{
    /// <summary>Found, not listed: a new check is one new file.</summary>
    internal static IReadOnlyList<ReadinessCheck> All { get; } = Find<ReadinessCheck>();

    /// <summary>Those of VMs without libvirt.</summary>
    internal static IReadOnlyList<Qemu.QemuCheck> OfQemu { get; } = Find<Qemu.QemuCheck>();

    /// <summary>Both, as they are named and selected.</summary>
    internal static IReadOnlyList<Check> Named { get; } = [.. All, .. OfQemu];

    private static T[] Find<T>()
        where T : Check =>
    [
        .. typeof(T).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(T)))
            .Select(type => (T)Activator.CreateInstance(type, nonPublic: true)!)
            .OrderBy(check => check.Id, StringComparer.Ordinal),
    ];
}
