using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Domains;

/// <summary>What no bulk answer tells: a domain's job, and what its host's driver leaves out. One or two calls for each domain.</summary>
internal static class DomainDetails
{
    /// <summary>How many are asked for in one call: on a line of 50 ms round trip a few seconds.</summary>
    internal const int AtOnce = 50;

    /// <summary>Whether there is something to ask.</summary>
    internal static bool AreMissing(LibvirtDomain domain) => LacksDisks(domain) || LacksInfo(domain) || MayHaveJob(domain);

    /// <summary>The same domains, with what was missing.</summary>
    internal static IReadOnlyDictionary<Guid, LibvirtDomain> Complete(Connection connection, IReadOnlyCollection<LibvirtDomain> domains, IReadOnlyList<StoragePool> pools)
    {
        var result = domains.ToDictionary(domain => domain.Uuid);
        // One listing finds them all; a lookup for each would double the calls.
        using var found = new DomainArray(connection, DomainFilter.All);
        found.Keep((_, uuid) => result.ContainsKey(uuid));
        while (found.Count > 0)
        {
            using var native = found.TakeLast();
            var uuid = native.GetUuid();
            result[uuid] = WithDefinition(native, WithJob(native, WithInfo(native, result[uuid])), pools);
        }

        return result;
    }

    /// <summary>
    /// A disk without a path is on the network, a device of the host, or an empty drive. While it runs, an empty drive is known by
    /// having no size; else only the definition tells.
    /// </summary>
    private static bool LacksDisks(LibvirtDomain domain) =>
        domain.Disks == DomainReader.Unreported || domain.Disks.Any(disk => disk.Source is null && (disk.Capacity is not null || !domain.Status.IsActive));

    private static LibvirtDomain WithDefinition(NativeDomain native, LibvirtDomain domain, IReadOnlyList<StoragePool> pools)
    {
        if (!LacksDisks(domain))
            return domain;
        try
        {
            var disks = DiskReader.ReadAll(domain, XElement.Parse(native.GetXml(XmlView.Live)), pools);
            if (domain.Disks == DomainReader.Unreported)
                return domain with { Disks = disks.Select(disk => new DiskSummary(disk.Target, disk.Source, disk.Capacity, disk.Access)).ToArray() };
            var access = disks.ToLookup(disk => disk.Target, disk => disk.Access);
            return domain with
            {
                Disks = domain.Disks.Select(disk => disk.Source is null ? disk with { Access = access[disk.Target].FirstOrDefault(disk.Access) } : disk).ToArray(),
            };
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain)
        {
            return domain; // It is gone since it was listed.
        }
    }

    /// <summary>Drivers other than QEMU's leave memory and virtual CPUs out of their bulk answer.</summary>
    private static bool LacksInfo(LibvirtDomain domain) => domain is not { VCpus: not null, Memory: not null, MaxMemory: not null };

    private static LibvirtDomain WithInfo(NativeDomain native, LibvirtDomain domain)
    {
        if (!LacksInfo(domain))
            return domain;
        try
        {
            var info = native.GetInfo();
            return domain with
            {
                VCpus = domain.VCpus ?? info.VirtualCpus,
                Memory = domain.Memory ?? (long)info.Memory.Value * 1024,
                MaxMemory = domain.MaxMemory ?? (long)info.MaxMemory.Value * 1024,
            };
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported)
        {
            return domain; // It is gone, or nobody knows.
        }
    }

    /// <summary>Asking for a job costs no monitor command unless there is one.</summary>
    private static bool MayHaveJob(LibvirtDomain domain) => !domain.Migrating && domain.Status.IsActive && !domain.Host.Uri.IsInProcess;

    private static LibvirtDomain WithJob(NativeDomain native, LibvirtDomain domain)
    {
        if (!MayHaveJob(domain))
            return domain;
        try
        {
            return native.GetJobStatistics() is { IsMigration: true, IsActive: true } ? domain with { Migrating = true } : domain;
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.OperationInvalid
            or LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported)
        {
            return domain; // It ended since it was listed, or this driver knows no jobs.
        }
    }
}
