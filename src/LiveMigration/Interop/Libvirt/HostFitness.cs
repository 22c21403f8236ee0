using System.Xml.Linq;
using LiveMigration.Errors;

namespace LiveMigration.Interop.Libvirt;

/// <summary>Whether a host could run a domain: its machine, its CPU, its huge pages.</summary>
internal static unsafe class HostFitness
{
    /// <summary>What the host can give to a machine of this kind, as XML; or the host's words when it has no such machine.</summary>
    internal static (string? Xml, string? Refusal) DomainCapabilities(Connection connection, MachineKind machine)
    {
        var answer = Native.TakeString(NativeCall.Begin(nameof(Native.virConnectGetDomainCapabilities), connection.Host).End(
            Native.virConnectGetDomainCapabilities(connection.Handle, machine.Emulator, machine.Architecture, machine.Name, machine.VirtType, 0)));
        if (answer is not null)
            return (answer, null);
        var error = LibvirtError.Last(nameof(Native.virConnectGetDomainCapabilities), connection.Host);
        // Of an emulator that is not there the system's own error is told.
        return IsRefusal(error.Code) || error.LibvirtMessage.StartsWith("Cannot check QEMU binary", StringComparison.Ordinal) ? (null, error.LibvirtMessage) : throw error;
    }

    /// <summary>
    /// The same, where another distribution may keep its QEMU elsewhere: of a host without this emulator, what its own gives to such a machine,
    /// and the path of that; null where the path need not change.
    /// </summary>
    internal static (string? Xml, string? Refusal, string? Emulator) OwnCapabilities(Connection connection, MachineKind machine)
    {
        var (xml, refusal) = DomainCapabilities(connection, machine);
        if (xml is not null || machine.Emulator is null)
            return (xml, refusal, null);
        var (own, ownRefusal) = DomainCapabilities(connection, machine with { Emulator = null });
        var path = own is null ? null : XElement.Parse(own).Element("path")?.Value;
        return path is null || path == machine.Emulator ? (null, ownRefusal is null ? refusal : $"{refusal}; {ownRefusal}", null) : (own, null, path);
    }

    /// <summary>Whether a guest with this <c>&lt;cpu&gt;</c> could run there; the host's words when it could not.</summary>
    internal static string? CompareCpu(Connection connection, MachineKind machine, string cpu)
    {
        const uint FailIncompatible = 1;
        var answer = NativeCall.Begin(nameof(Native.virConnectCompareHypervisorCPU), connection.Host).End(Native.virConnectCompareHypervisorCPU(
            connection.Handle, machine.Emulator, machine.Architecture, machine.Name, machine.VirtType, cpu, FailIncompatible));
        if (answer > 0)
            return null;
        if (answer == 0)
            return "the CPU is incompatible with the host's";
        var error = LibvirtError.Last(nameof(Native.virConnectCompareHypervisorCPU), connection.Host);
        return error.Code is LibvirtErrorCode.CpuIncompatible || IsRefusal(error.Code) ? error.LibvirtMessage : throw error;
    }

    /// <summary>Free pages of a size on each NUMA cell.</summary>
    internal static ulong[] FreePages(Connection connection, uint kibibytes, int cells)
    {
        var counts = new ulong[cells];
        fixed (ulong* first = counts)
        {
            NativeCall.Begin(nameof(Native.virNodeGetFreePages), connection.Host).Check(
                Native.virNodeGetFreePages(connection.Handle, 1, &kibibytes, 0, (uint)cells, first, 0));
        }

        return counts;
    }

    private static bool IsRefusal(LibvirtErrorCode code) => code
        is LibvirtErrorCode.InvalidArgument or LibvirtErrorCode.ConfigUnsupported or LibvirtErrorCode.OperationFailed
        or LibvirtErrorCode.InternalError;
}

/// <summary>What a domain is run by.</summary>
internal sealed record MachineKind(string? Emulator, string? Architecture, string? Name, string? VirtType)
{
    internal static MachineKind Of(XElement domain)
    {
        var type = domain.Element("os")?.Element("type");
        return new MachineKind(
            domain.Element("devices")?.Element("emulator")?.Value, (string?)type?.Attribute("arch"), (string?)type?.Attribute("machine"),
            (string?)domain.Attribute("type"));
    }
}
