using LiveMigration.Readiness.Gathering;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM099: kernels, ROMs, templates, sockets and devices: what QEMU opens, and no storage pool holds.</summary>
internal sealed class FilesThere() : PathCheck("LM099", "The destination has the files that the VM's definition names")
{
    private protected override IReadOnlyList<string> Paths(ReadinessFacts facts) => NamedPaths.Files(facts.TargetXml);

    private protected override string Passed => "Whether the contents are the same was not compared.";

    /// <summary>A device or a socket is not copied.</summary>
    private protected override string? Fix(ReadinessFacts facts, string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/run/", StringComparison.Ordinal) || path.StartsWith("/var/run/", StringComparison.Ordinal)
            ? null
            : FixCommand.CopyFile(facts, path);
}
