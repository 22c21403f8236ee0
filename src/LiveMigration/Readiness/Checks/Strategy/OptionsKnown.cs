using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Strategy;

/// <summary>LM089: by the versions of libvirt and QEMU, and by QEMU itself with -AllowMonitor.</summary>
internal sealed class OptionsKnown()
    : ReadinessCheck("LM089", "Both hosts support the requested options", CheckCategory.Strategy, CheckSeverity.Blocker)
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (source, destination) = (facts.Source.Info.Value, facts.Destination.Info.Value);
        var libvirt = source.LibvirtVersion < destination.LibvirtVersion ? source : destination;
        var asked = Needs(facts.Demand).Where(need => need.Asked).ToArray();
        if (asked.Length == 0 && facts.Demand.Compression is null)
            yield return Pass("No requested option depends on a version.");
        foreach (var (_, option, since) in asked)
        {
            yield return libvirt.LibvirtVersion < since
                ? Broken($"{option} needs libvirt {since}, and {libvirt.Name} has {libvirt.LibvirtVersion}.", Without(facts, option), option)
                : Pass($"{option} needs libvirt {since}; the older host has {libvirt.LibvirtVersion}.", option);
        }

        var qemu = source.HypervisorVersion > destination.HypervisorVersion ? source : destination;
        if (facts.Demand.Compression is "mt" && qemu.HypervisorVersion >= NoThreads)
            yield return Broken($"-Compression Mt was removed in QEMU {NoThreads}, and {qemu.Name} has {qemu.HypervisorVersion}.", FixCommand.Start(facts, "-Compression Zstd -Parallel 2"), "-Compression");
        if (facts.Domain.Monitor is { IsHad: true, Value: var monitor } && facts.Demand.ZeroCopy && !monitor.Capabilities.Contains("zero-copy-send"))
            yield return Broken("The VM's QEMU was built without zero-copy-send.", Without(facts, "-ZeroCopy"), "-ZeroCopy");
    }

    /// <summary>The same migration, without that.</summary>
    private static string Without(ReadinessFacts facts, string option) => FixCommand.Start(
        facts,
        option is not "-Parallel" && facts.Demand.Parallel is { } parallel ? $"-Parallel {parallel}" : "-Compression None");

    private static readonly Version NoThreads = new(9, 1, 0);

    private static (bool Asked, string Option, Version Since)[] Needs(MigrationDemand demand) =>
    [
        (demand.ZeroCopy, "-ZeroCopy", new(8, 5, 0)),
        (demand.Compression is "zlib" or "zstd", "-Compression", new(9, 4, 0)),
        (demand.Parallel is not null, "-Parallel", new(5, 2, 0)),
        (demand.PostCopy, "-PostCopy", new(1, 3, 3)),
    ];
}
