namespace LiveMigration.Interop.Libvirt;

/// <summary>
/// The host CPUs of a running domain's emulator threads, those of a migration among them. A set is written as libvirt's
/// bitmap: CPU n is bit n % 8 of byte n / 8.
/// </summary>
internal static unsafe class EmulatorPin
{
    private const uint Live = 1;

    internal static byte[] Get(NativeDomain domain, int hostCpus, string host)
    {
        var map = new byte[(hostCpus + 7) / 8];
        fixed (byte* bytes = map)
        {
            NativeCall.Begin(nameof(Native.virDomainGetEmulatorPinInfo), host).Check(Native.virDomainGetEmulatorPinInfo(domain.Handle, bytes, map.Length, Live));
        }

        return map;
    }

    internal static void Set(NativeDomain domain, byte[] map, string host)
    {
        fixed (byte* bytes = map)
            NativeCall.Begin(nameof(Native.virDomainPinEmulator), host).Check(Native.virDomainPinEmulator(domain.Handle, bytes, map.Length, Live));
    }

    internal static byte[] Map(IEnumerable<int> cpus, int hostCpus)
    {
        var map = new byte[(hostCpus + 7) / 8];
        foreach (var cpu in cpus)
            map[cpu / 8] |= (byte)(1 << cpu % 8);
        return map;
    }
}
