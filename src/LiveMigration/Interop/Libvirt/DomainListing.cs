namespace LiveMigration.Interop.Libvirt;

/// <summary>Many domains in one call each: what <c>virsh list</c> and <c>virsh domstats</c> ask for.</summary>
internal static unsafe class DomainListing
{
    /// <summary>Reads one domain's statistics.</summary>
    internal delegate T Reader<out T>(Guid uuid, string name, TypedParameterReader statistics);

    /// <summary>Statistics of all domains, in one call. A domain that is busy gives what can be had without waiting for it.</summary>
    internal static List<T> Statistics<T>(Connection connection, DomainStatistics wanted, Reader<T> read)
    {
        const uint NoWait = 1u << 29;
        VirDomainStatsRecord** records = null;
        var count = Native.virConnectGetAllDomainStats(connection.Handle, (uint)wanted, &records, NoWait);
        if (count < 0)
        {
            // Drivers other than QEMU's do not know the flag.
            Native.virResetLastError();
            count = LibvirtError.Check(
                Native.virConnectGetAllDomainStats(connection.Handle, (uint)wanted, &records, 0),
                nameof(Native.virConnectGetAllDomainStats), connection.Host);
        }

        try
        {
            var result = new List<T>(count);
            for (var index = 0; index < count; index++)
            {
                var record = records[index];
                result.Add(read(
                    NativeDomain.UuidOf(record->Domain),
                    NativeDomain.NameOf(record->Domain),
                    new TypedParameterReader(record->Parameters, record->Count)));
            }

            return result;
        }
        finally
        {
            Native.virDomainStatsRecordListFree(records);
        }
    }

    /// <summary>The UUIDs of the domains that a filter lets through.</summary>
    internal static HashSet<Guid> Uuids(Connection connection, DomainFilter filter)
    {
        nint* domains = null;
        var count = LibvirtError.Check(
            Native.virConnectListAllDomains(connection.Handle, &domains, (uint)filter),
            nameof(Native.virConnectListAllDomains), connection.Host);
        var result = new HashSet<Guid>(count);
        for (var index = 0; index < count; index++)
        {
            result.Add(NativeDomain.UuidOf(domains[index]));
            _ = Native.virDomainFree(domains[index]);
        }

        System.Runtime.InteropServices.NativeMemory.Free(domains);
        return result;
    }
}

/// <summary><c>virConnectListAllDomainsFlags</c>.</summary>
[Flags]
internal enum DomainFilter : uint
{
    All = 0,
    Active = 1,
    Inactive = 2,
    Persistent = 4,
    Autostart = 1024,
}

/// <summary><c>virDomainStatsTypes</c>.</summary>
[Flags]
internal enum DomainStatistics : uint
{
    State = 1,
    Cpu = 2,
    Balloon = 4,
    Vcpu = 8,
    Interface = 16,
    Block = 32,
}
