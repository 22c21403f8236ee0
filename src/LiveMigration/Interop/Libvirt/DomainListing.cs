namespace LiveMigration.Interop.Libvirt;

/// <summary>Many domains in one call each: what <c>virsh list</c> and <c>virsh domstats</c> ask for.</summary>
internal static unsafe class DomainListing
{
    /// <summary>Reads one domain's statistics.</summary>
    internal delegate T Reader<out T>(Guid uuid, string name, TypedParameterReader statistics);

    /// <summary>
    /// Statistics of all domains, or of those wanted by name, in one call. A domain that is busy gives what can be had
    /// without waiting for it. The host asks each domain's QEMU in turn, some milliseconds each: so none that nobody wants.
    /// </summary>
    internal static List<T> Statistics<T>(Connection connection, DomainStatistics wanted, Func<string, Guid, bool>? wants, Reader<T> read)
    {
        const uint NoWait = 1u << 29;
        using var domains = wants is null ? null : new DomainArray(connection, DomainFilter.All);
        domains?.Keep(wants!);
        if (domains is { Count: 0 })
            return [];

        VirDomainStatsRecord** records = null;
        var function = domains is null ? nameof(Native.virConnectGetAllDomainStats) : nameof(Native.virDomainListGetStats);
        var count = NativeCall.Begin(function, connection.Host).End(Ask(connection, domains, wanted, &records, NoWait));
        if (count < 0)
        {
            // Drivers other than QEMU's do not know the flag.
            Native.virResetLastError();
            count = NativeCall.Begin(function, connection.Host).Check(Ask(connection, domains, wanted, &records, 0));
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

    private static int Ask(Connection connection, DomainArray? domains, DomainStatistics wanted, VirDomainStatsRecord*** records, uint flags) =>
        domains is null
            ? Native.virConnectGetAllDomainStats(connection.Handle, (uint)wanted, records, flags)
            : Native.virDomainListGetStats(domains.Pointer, (uint)wanted, records, flags);

    /// <summary>How many domains there are, and how many of them are active.</summary>
    internal static (int All, int Active) Count(Connection connection)
    {
        using var domains = new DomainArray(connection, DomainFilter.All);
        return (domains.Count, Enumerable.Range(0, domains.Count).Count(domains.IsActive));
    }

    /// <summary>The UUIDs of the domains that a filter lets through.</summary>
    internal static HashSet<Guid> Uuids(Connection connection, DomainFilter filter)
    {
        using var domains = new DomainArray(connection, filter);
        var result = new HashSet<Guid>(domains.Count);
        for (var index = 0; index < domains.Count; index++)
            result.Add(domains.Uuid(index));
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
