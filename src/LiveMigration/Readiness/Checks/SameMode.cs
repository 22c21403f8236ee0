using LiveMigration.Readiness.Gathering;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks;

/// <summary>LM013: a user's session has other files and networks than the system.</summary>
internal sealed class SameMode()
    : ReadinessCheck("LM013", "Both connections are to the same kind of daemon", CheckCategory.Connectivity, CheckSeverity.Warning, "https://libvirt.org/uri.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts)
    {
        var (here, there) = (Mode(facts.Source), Mode(facts.Destination));
        // That they answered is what makes this more than a look at two texts.
        _ = (facts.Source.Info.Value, facts.Destination.Info.Value);
        yield return here == there
            ? Pass($"Both are {here}.")
            : Broken($"{facts.Source.Name} is {here} and {facts.Destination.Name} is {there}: files and networks of one are not those of the other.");
    }

    private static string Mode(HostSnapshot host) => new Uri(host.Host.Uri.Text).AbsolutePath;
}
