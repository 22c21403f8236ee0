using LiveMigration.Readiness.Gathering;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM100: where logs, sockets and the NVRAM are made.</summary>
internal sealed class FoldersThere() : PathCheck("LM100", "The destination has the folders for the VM's logs, sockets and NVRAM")
{
    private protected override IReadOnlyList<string> Paths(ReadinessFacts facts) => NamedPaths.Folders(facts.TargetXml);

    private protected override string Passed => "Whether QEMU may write there was not tried.";

    private protected override string? Fix(ReadinessFacts facts, string path) =>
        FixCommand.On(facts.Destination.Host, $"mkdir -p \"{path}\"");
}
