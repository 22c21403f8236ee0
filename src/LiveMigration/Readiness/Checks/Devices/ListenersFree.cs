using System.Globalization;
using System.Net;
using System.Xml.Linq;
using static LiveMigration.Readiness.Outcome;

namespace LiveMigration.Readiness.Checks.Devices;

/// <summary>LM103: QEMU does not start where it cannot listen: on an address of another host, or on a port that somebody has.</summary>
internal sealed class ListenersFree()
    : ReadinessCheck("LM103", "The addresses and ports that the VM listens on are free on the destination", CheckCategory.Devices, CheckSeverity.Blocker, "https://libvirt.org/formatdomain.html#graphical-framebuffers")
{
    private protected override IEnumerable<Outcome> Judge(ReadinessFacts facts) => Listeners(facts)
        .Where(listener => !GraphicsListenAnywhere.Everywhere.Contains(listener.Address) || listener.Port > 0).Distinct()
        .SelectMany(listener => Judge(facts, listener));

    private static IEnumerable<Outcome> Judge(ReadinessFacts facts, Listener listener)
    {
        var (host, machine) = (facts.Destination.Name, facts.Destination.Machine.Value);
        var fix = listener.IsGraphics ? FixCommand.Start(facts, "-GraphicsListen 0.0.0.0") : null;
        var named = !GraphicsListenAnywhere.Everywhere.Contains(listener.Address);
        if (named && IPAddress.TryParse(listener.Address, out var address))
        {
            yield return machine.Addresses is not { } addresses
                ? Untold($"{host} does not report its addresses.", listener.Address)
                : addresses.Contains(address)
                    ? Pass($"{host} has {listener.Address}.", listener.Address)
                    : Broken($"{listener.Device} listens on {listener.Address}, which {host} does not have. Its addresses: {string.Join(", ", addresses.Where(one => !IPAddress.IsLoopback(one)))}.", fix, listener.Address);
        }

        if (listener.Port <= 0)
            yield break;
        var port = listener.Port.ToString(CultureInfo.InvariantCulture);
        yield return machine.Listeners is not { } taken
            ? Untold($"{host} does not report what listens on port {port}.", port)
            : taken.FirstOrDefault(other => other.Port == listener.Port && Meet(other.Address, listener.Address)) is { } first
                ? Broken($"{listener.Device} listens on port {port}, and on {host} something else listens on {first}. {(listener.IsGraphics ? "autoport='yes'" : "Another port")} takes effect the next time the VM starts.", subject: port)
                : Pass($"Nothing listens on port {port} of {host}.", port);
    }

    /// <summary>Two sockets of one port exclude each other where one has the other's address, or all.</summary>
    private static bool Meet(IPAddress other, string address) => !IPAddress.TryParse(address, out var own)
        || other.Equals(IPAddress.Any) || other.Equals(IPAddress.IPv6Any) || own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any) || other.Equals(own);

    private static IEnumerable<Listener> Listeners(ReadinessFacts facts)
    {
        foreach (var graphics in facts.TargetDevices("graphics"))
        {
            var addresses = graphics.Elements("listen").Where(listen => (string?)listen.Attribute("type") is "address")
                .Select(listen => (string?)listen.Attribute("address") ?? "").DefaultIfEmpty((string?)graphics.Attribute("listen") ?? "");
            int[] ports = (string?)graphics.Attribute("autoport") is "yes" ? [0] : [.. Ports(graphics).DefaultIfEmpty(0)];
            foreach (var address in addresses)
            {
                foreach (var port in ports)
                    yield return new($"The {(string?)graphics.Attribute("type")} server", address, port, IsGraphics: true);
            }
        }

        string[] kinds = ["serial", "parallel", "channel", "console", "redirdev", "smartcard"];
        foreach (var device in kinds.SelectMany(facts.TargetDevices).Where(device => (string?)device.Attribute("type") is "tcp"))
        {
            foreach (var bound in device.Elements("source").Where(source => (string?)source.Attribute("mode") is "bind"))
                yield return new($"The {device.Name.LocalName} port", (string?)bound.Attribute("host") ?? "", Number(bound.Attribute("service")), IsGraphics: false);
        }
    }

    private static IEnumerable<int> Ports(XElement graphics)
    {
        string[] names = ["port", "tlsPort", "websocket"];
        return names.Select(name => Number(graphics.Attribute(name))).Where(port => port > 0);
    }

    private static int Number(XAttribute? text) => int.TryParse((string?)text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private sealed record Listener(string Device, string Address, int Port, bool IsGraphics);
}
