using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM073: a VNC or SPICE server listens on an address of its host.</summary>
internal sealed class GraphicsListenAnywhere()
    : ReadinessCheck("LM073", "The VM's graphics can listen on the destination", CheckCategory.Devices, CheckSeverity.Warning, "https://libvirt.org/formatdomain.html#graphical-framebuffers")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => facts.TargetDevices("graphics").Elements("listen")
        .Where(listen => (string?)listen.Attribute("type") is "address")
        .Select(listen => (string?)listen.Attribute("address") ?? "")
        .Select(address => Everywhere.Contains(address)
            ? Pass($"{address} exists on every host.", address)
            : Has(facts, address)
            ? Pass($"{facts.Destination.Name} has {address}.", address)
            : Broken($"The graphics server listens on {address}, which may be an address of {facts.Source.Name} only.", FixCommand.Start(facts, "-GraphicsListen 0.0.0.0"), address));

    /// <summary>Whether the destination is known to have this address.</summary>
    internal static bool Has(ReadinessFacts facts, string address) => facts.Destination.Machine is { IsHad: true, Value.Addresses: { } addresses }
        && System.Net.IPAddress.TryParse(address, out var wanted) && addresses.Contains(wanted);

    internal static readonly string[] Everywhere = ["", "0.0.0.0", "::", "127.0.0.1", "::1", "localhost"];
}
