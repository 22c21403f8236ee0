using System.Globalization;
using System.Net;
using LiveMigration.Errors;
using LiveMigration.Hosts;

namespace LiveMigration.Readiness.Gathering;

/// <summary>What a host's own kernel and programs say of it; null where nothing says it.</summary>
/// <param name="Devices">Its network devices, those of Open vSwitch among them.</param>
/// <param name="Addresses">Its IP addresses.</param>
/// <param name="Listeners">Where processes listen for TCP connections.</param>
/// <param name="Swtpm">The version of its TPM emulator.</param>
/// <param name="TpmStorage">The type of the file system on which libvirt keeps the state of emulated TPMs.</param>
internal sealed record MachineLook(
    IReadOnlyList<NetworkDevice>? Devices, IReadOnlyList<IPAddress>? Addresses, IReadOnlyList<IPEndPoint>? Listeners, Version? Swtpm, string? TpmStorage)
{
    internal static readonly MachineLook None = new(null, null, null, null, null);

    /// <summary>Each line begins with what it tells; it runs as the user who logged in. Little-endian as the kernel prints addresses.</summary>
    internal const string Script = """
        for device in /sys/class/net/*; do
            name=${device##*/}
            if [ -d "$device/bridge" ]; then echo "!device $name bridge $(cat "$device/bridge/vlan_filtering" 2>/dev/null)"
            elif [ -e "$device" ]; then echo "!device $name other"; fi
        done
        if command -v ovs-vsctl >/dev/null 2>&1; then ovs-vsctl --timeout=2 list-br 2>/dev/null | sed 's/^/!switch /'; fi
        if command -v ip >/dev/null 2>&1; then ip -o addr show 2>/dev/null | sed -n 's/^[0-9]*: [^ ]* *inet6\{0,1\} \([0-9a-fA-F.:]*\).*/!address \1/p'; fi
        for table in /proc/net/tcp /proc/net/tcp6; do
            if [ -r $table ]; then echo '!listeners'; sed -n 's/^ *[0-9]*: \([0-9A-F]*:[0-9A-F]*\) [0-9A-F]*:[0-9A-F]* 0A .*/!listener \1/p' $table; fi
        done
        if command -v swtpm >/dev/null 2>&1; then swtpm --version 2>/dev/null | sed -n 's/.*version \([0-9][0-9.]*[0-9]\).*/!swtpm \1/p'; fi
        if [ -d /var/lib/libvirt/swtpm ]; then echo "!tpmstorage $(stat -f -c %T /var/lib/libvirt/swtpm 2>/dev/null)"; fi
        true
        """;

    /// <summary>Looks at the machine that we are on.</summary>
    internal static async Task<MachineLook> HereAsync(LibvirtHost host, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await HostShell.AsUser(host.Name, host.Uri).RunAsync(Script, cancellationToken).ConfigureAwait(false));
        }
        catch (LiveMigrationException)
        {
            return None;
        }
    }

    /// <summary>Reads what the script put out, among lines of others.</summary>
    internal static MachineLook Parse(string said)
    {
        var lines = said.Split('\n').Where(line => line.StartsWith('!')).Select(line => line.Split(' ')).ToLookup(words => words[0], words => words[1..]);
        var switches = lines["!switch"].Select(words => words[0]).ToHashSet();
        var addresses = lines["!address"].Select(words => IPAddress.TryParse(words[0], out var address) ? address : null).OfType<IPAddress>().ToArray();
        return new MachineLook(
            lines.Contains("!device") ? [.. lines["!device"].Select(words => new NetworkDevice(words[0], words[1] == "bridge", switches.Contains(words[0]), words.Length > 2 && words[2].Length > 0 ? words[2] != "0" : null))] : null,
            addresses.Length > 0 ? addresses : null,
            lines.Contains("!listeners") ? [.. lines["!listener"].Select(words => Listener(words[0]))] : null,
            lines["!swtpm"].Select(words => Version.TryParse(words[0], out var version) ? version : null).FirstOrDefault(),
            lines["!tpmstorage"].Select(words => words.FirstOrDefault()).FirstOrDefault(type => type is { Length: > 0 }));
    }

    /// <summary>What the kernel calls <c>0100007F:1770</c> is 127.0.0.1:6000: words of four bytes, each backwards.</summary>
    private static IPEndPoint Listener(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var bytes = Convert.FromHexString(text[..colon]);
        for (var word = 0; word < bytes.Length; word += 4)
            Array.Reverse(bytes, word, 4);
        return new(new IPAddress(bytes), int.Parse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}

/// <summary>A network device of a host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsBridge">Whether it is a bridge of Linux.</param>
/// <param name="IsSwitch">Whether Open vSwitch lists it as a bridge.</param>
/// <param name="FiltersVlans">Whether a bridge tells VLANs apart; null for another device, or where that is not told.</param>
internal sealed record NetworkDevice(string Name, bool IsBridge, bool IsSwitch = false, bool? FiltersVlans = null);
