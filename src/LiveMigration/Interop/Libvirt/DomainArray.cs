using System.Runtime.InteropServices;

namespace LiveMigration.Interop.Libvirt;

/// <summary>The domains of a host as libvirt lists them: one quick call, which asks no QEMU.</summary>
internal sealed unsafe class DomainArray : IDisposable
{
    private readonly string _host;
    private nint* _domains;

    internal DomainArray(Connection connection, DomainFilter filter)
    {
        _host = connection.Host;
        nint* domains = null;
        Count = NativeCall.Begin(nameof(Native.virConnectListAllDomains), connection.Host).Check(
            Native.virConnectListAllDomains(connection.Handle, &domains, (uint)filter));
        _domains = domains;
    }

    internal int Count { get; private set; }

    /// <summary>The array, with a null after its last element.</summary>
    internal nint* Pointer => _domains;

    /// <summary>Whether it was active when it was listed: only then has it an id.</summary>
    internal bool IsActive(int index) => Native.virDomainGetID(_domains[index]) != uint.MaxValue;

    internal Guid Uuid(int index) => NativeDomain.UuidOf(_domains[index]);

    /// <summary>Lets go of those that are not wanted.</summary>
    internal void Keep(Func<string, Guid, bool> wants)
    {
        var (all, kept) = (Count, 0);
        Count = 0; // where `wants` throws, none is let go twice
        for (var index = 0; index < all; index++)
        {
            var domain = _domains[index];
            if (wants(NativeDomain.NameOf(domain), NativeDomain.UuidOf(domain)))
                _domains[kept++] = domain;
            else
                _ = Native.virDomainFree(domain);
        }

        _domains[kept] = 0;
        Count = kept;
    }

    /// <summary>Takes the last one out.</summary>
    internal NativeDomain TakeLast()
    {
        var domain = _domains[--Count];
        _domains[Count] = 0;
        return new NativeDomain(new DomainHandle(domain), _host);
    }

    public void Dispose()
    {
        for (var index = 0; index < Count; index++)
            _ = Native.virDomainFree(_domains[index]);
        NativeMemory.Free(_domains);
        _domains = null;
        Count = 0;
    }
}
