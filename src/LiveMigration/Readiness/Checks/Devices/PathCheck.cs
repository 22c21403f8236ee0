using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>A check of paths that have to be on the destination for QEMU to start there.</summary>
internal abstract class PathCheck(string id, string title)
    : ReadinessCheck(id, title, CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html")
{
    private protected abstract IReadOnlyList<string> Paths(ReadinessFacts facts);

    /// <summary>What it does not mean that a path is there.</summary>
    private protected abstract string Passed { get; }

    private protected abstract string? Fix(ReadinessFacts facts, string path);

    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var host = facts.Destination.Name;
        return Paths(facts).Select(path => !facts.Fit.Files.Value.TryGetValue(path, out var there)
            ? Untold($"This user is not allowed to look for {path} on {host}; connect as root to check it.", path)
            : there
                ? Pass($"{host} has {path}. {Passed}", path)
                : Broken($"{host} has no {path}.", Fix(facts, path), path));
    }
}
