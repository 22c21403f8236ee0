using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Connectivity;

/// <summary>LM013: a user's session has other files and networks than the system.</summary>
internal sealed class SameMode()
    : ReadinessCheck("LM013", "Both connections use the same mode (system or session)", CheckCategory.Connectivity, CheckSeverity.Warning, "https://libvirt.org/uri.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (here, there) = (Mode(facts.Source), Mode(facts.Destination));
        // That they answered is what makes this more than a look at two texts.
        _ = (facts.Source.Info.Value, facts.Destination.Info.Value);
        yield return here == there
            ? Pass($"Both connections use {here}.")
            : Broken($"{facts.Source.Name} uses {here} and {facts.Destination.Name} uses {there}: they do not have the same files and networks.");
    }

    private static string Mode(HostSnapshot host) => new Uri(host.Host.Uri.Text).AbsolutePath;
}
