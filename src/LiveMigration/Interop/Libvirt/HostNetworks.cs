namespace LiveMigration.Interop.Libvirt;

/// <summary>What a host has to connect a domain to.</summary>
internal static unsafe class HostNetworks
{
    /// <summary>The virtual networks.</summary>
    internal static List<NetworkState> Networks(Connection connection) => ObjectListing.Read(
        connection,
        nameof(Native.virConnectListAllNetworks),
        Native.virConnectListAllNetworks,
        0,
        network => Native.TakeString(NativeCall.Begin(nameof(Native.virNetworkGetXMLDesc), connection.Host).End(Native.virNetworkGetXMLDesc(network, 0))) is { } xml
            ? new NetworkState(
                Native.PeekString(Native.virNetworkGetName(network)) ?? "",
                NativeCall.Begin(nameof(Native.virNetworkIsActive), connection.Host).End(Native.virNetworkIsActive(network)) == 1,
                NativeCall.Begin(nameof(Native.virNetworkGetAutostart), connection.Host).End(Native.virNetworkGetAutostart(network, out var autostart)) == 0 && autostart == 1,
                xml)
            : null,
        Native.virNetworkFree);

    internal static void Start(Connection connection, string name) =>
        Order(connection, name, Native.virNetworkCreate, nameof(Native.virNetworkCreate));

    internal static void SetAutostart(Connection connection, string name) =>
        Order(connection, name, network => Native.virNetworkSetAutostart(network, 1), nameof(Native.virNetworkSetAutostart));

    /// <summary>Names of the interfaces, bridges among them.</summary>
    internal static List<string> Interfaces(Connection connection) => ObjectListing.Read(
        connection,
        nameof(Native.virConnectListAllInterfaces),
        Native.virConnectListAllInterfaces,
        0,
        found => Native.PeekString(Native.virInterfaceGetName(found)),
        Native.virInterfaceFree);

    /// <summary>The definitions of the devices that are network interfaces: they tell speed and state of the link.</summary>
    internal static List<string> Devices(Connection connection) => ObjectListing.Read(
        connection,
        nameof(Native.virConnectListAllNodeDevices),
        Native.virConnectListAllNodeDevices,
        1 << 4, // VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET
        device => Native.TakeString(NativeCall.Begin(nameof(Native.virNodeDeviceGetXMLDesc), connection.Host).End(Native.virNodeDeviceGetXMLDesc(device, 0))),
        Native.virNodeDeviceFree);

    /// <summary>Names of the packet filters.</summary>
    internal static List<string> Filters(Connection connection) => ObjectListing.Read(
        connection,
        nameof(Native.virConnectListAllNWFilters),
        Native.virConnectListAllNWFilters,
        0,
        filter => Native.PeekString(Native.virNWFilterGetName(filter)),
        Native.virNWFilterFree);

    private static void Order(Connection connection, string name, Func<nint, int> order, string function)
    {
        var network = NativeCall.Begin(nameof(Native.virNetworkLookupByName), connection.Host).End(Native.virNetworkLookupByName(connection.Handle, name));
        if (network == 0)
            throw LibvirtError.Last(nameof(Native.virNetworkLookupByName), connection.Host);
        try
        {
            NativeCall.Begin(function, connection.Host).Check(order(network));
        }
        finally
        {
            _ = Native.virNetworkFree(network);
        }
    }
}

/// <summary>A virtual network.</summary>
internal sealed record NetworkState(string Name, bool Active, bool Autostart, string Xml);
