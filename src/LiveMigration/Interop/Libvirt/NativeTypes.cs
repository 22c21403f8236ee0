using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary><c>virError</c> (virterror.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirError
{
    public int Code;
    public int Domain;
    public byte* Message;
    public int Level;
    public nint Connection;
    public nint DomainObject;
    public byte* Str1;
    public byte* Str2;
    public byte* Str3;
    public int Int1;
    public int Int2;
    public nint Network;
}

/// <summary><c>virTypedParameter</c>: 80 bytes of name, a type, 8 bytes of value; 96 bytes on every 64-bit platform.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirTypedParameter
{
    public FieldName Field;
    public int Type;
    public VirTypedValue Value;

    [InlineArray(80)]
    public struct FieldName
    {
        private byte _first;
    }
}

/// <summary>The union in <c>virTypedParameter</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal unsafe struct VirTypedValue
{
    [FieldOffset(0)] public int Int;
    [FieldOffset(0)] public uint UInt;
    [FieldOffset(0)] public long LLong;
    [FieldOffset(0)] public ulong ULLong;
    [FieldOffset(0)] public double Double;
    [FieldOffset(0)] public byte Boolean;
    [FieldOffset(0)] public byte* String;
}

/// <summary><c>virConnectAuth</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirConnectAuth
{
    public int* CredentialTypes;
    public uint CredentialTypeCount;
    public delegate* unmanaged<VirConnectCredential*, uint, nint, int> Callback;
    public nint Data;
}

/// <summary><c>virConnectCredential</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirConnectCredential
{
    public int Type;
    public byte* Prompt;
    public byte* Challenge;
    public byte* DefaultResult;
    public byte* Result;
    public uint ResultLength;
}

/// <summary><c>virNodeInfo</c>; memory in KiB.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirNodeInfo
{
    public fixed byte Model[32];
    public CULong Memory;
    public uint Cpus;
    public uint Mhz;
    public uint Nodes;
    public uint Sockets;
    public uint Cores;
    public uint Threads;
}

/// <summary><c>virNodeMemoryStats</c>; value in KiB.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirNodeMemoryStats
{
    public fixed byte Field[80];
    public ulong Value;
}

/// <summary><c>virDomainInfo</c>; memory in KiB.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VirDomainInfo
{
    public byte State;
    public CULong MaxMemory;
    public CULong Memory;
    public ushort VirtualCpus;
    public ulong CpuTime;
}

/// <summary><c>virDomainStatsRecord</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirDomainStatsRecord
{
    public nint Domain;
    public VirTypedParameter* Parameters;
    public int Count;
}

/// <summary><c>virDomainBlockJobInfo</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VirDomainBlockJobInfo
{
    public int Type;
    public CULong Bandwidth;
    public ulong Current;
    public ulong End;
}
