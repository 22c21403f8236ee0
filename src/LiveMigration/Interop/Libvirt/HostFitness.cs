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
        return IsRefusal(error.Code) ? (null, error.LibvirtMessage) : throw error;
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
internal sealed record MachineKind(string? Emulator, string? Architecture, string? Name, string? VirtType);
