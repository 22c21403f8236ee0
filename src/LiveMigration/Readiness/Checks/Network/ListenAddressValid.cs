using System.Net;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Network;

/// <summary>LM017: an address that nobody can reach is found out at the start of the stream only.</summary>
internal sealed class ListenAddressValid()
    : ReadinessCheck("LM017", "The listen address is valid", CheckCategory.Network, CheckSeverity.Blocker, "https://libvirt.org/migration.html")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.Demand.ListenAddress switch
    {
        null => [Skip("libvirt listens on all addresses.")],
        var text when Uri.CheckHostName(text.Trim('[', ']')) is UriHostNameType.Unknown => [Broken($"'{text}' is neither an IP address nor a host name.")],
        var text when IPAddress.TryParse(text, out var address) && IPAddress.IsLoopback(address) =>
            [Broken($"{text} is a loopback address: the source cannot connect to it.", FixCommand.Start(facts, "-ListenAddress 0.0.0.0"))],
        var text => [Pass($"{text}.")],
    };
}
