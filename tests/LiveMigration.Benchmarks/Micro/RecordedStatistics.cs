using LiveMigration.Interop.Libvirt;

namespace LiveMigration.Benchmarks.Micro;

/// <summary>Answers as libvirt 9.0 with QEMU 7.2 gives them, in libvirt's own memory.</summary>
internal static unsafe class RecordedStatistics
{
    /// <summary><c>virDomainGetJobStats</c> in a migration.</summary>
    internal static TypedParameterList Job() => new(new Dictionary<string, object>
    {
        ["operation"] = 5,
        ["time_elapsed"] = 1082UL,
        ["time_elapsed_net"] = 1081UL,
        ["downtime"] = 234UL,
        ["downtime_net"] = 233UL,
        ["setup_time"] = 55UL,
        ["data_total"] = 134758400UL,
        ["data_processed"] = 103752695UL,
        ["data_remaining"] = 40894464UL,
        ["memory_total"] = 134758400UL,
        ["memory_processed"] = 103752695UL,
        ["memory_remaining"] = 40894464UL,
        ["memory_bps"] = 393610465UL,
        ["memory_constant"] = 7682UL,
        ["memory_normal"] = 25264UL,
        ["memory_normal_bytes"] = 103481344UL,
        ["memory_dirty_rate"] = 2048UL,
        ["memory_iteration"] = 3UL,
        ["memory_postcopy_requests"] = 0UL,
        ["memory_page_size"] = 4096UL,
        ["disk_total"] = 0UL,
        ["disk_processed"] = 0UL,
        ["disk_remaining"] = 0UL,
    });

    internal static JobStatistics Read(TypedParameterList job) =>
        JobStatistics.Read(JobType.Unbounded, new TypedParameterReader(job.Pointer, (int)job.Count));

    /// <summary>One domain's record of <c>virConnectGetAllDomainStats</c>.</summary>
    internal static TypedParameterList Domain(int disks) => new(DomainFields(disks));

    /// <summary>What a listing looks up.</summary>
    internal static long ReadDomain(TypedParameterList domain, int disks)
    {
        var reader = new TypedParameterReader(domain.Pointer, (int)domain.Count);
        var sum = reader.Number("state.state"u8) + reader.Number("vcpu.current"u8) + reader.Number("balloon.maximum"u8);
        Span<byte> name = stackalloc byte[40];
        for (var index = 0; index < disks; index++)
        {
            System.Text.Unicode.Utf8.TryWrite(name, $"block.{index}.capacity", out var written);
            sum += reader.Number(name[..written]);
        }

        return sum ?? 0;
    }

    private static IEnumerable<KeyValuePair<string, object>> DomainFields(int disks)
    {
        yield return new("state.state", 1);
        yield return new("state.reason", 1);
        string[] balloon = ["current", "maximum", "swap_in", "swap_out", "major_fault", "minor_fault", "unused", "available", "usable", "last-update", "rss"];
        foreach (var field in balloon)
            yield return new($"balloon.{field}", 4194304UL);
        yield return new("vcpu.current", 4);
        yield return new("vcpu.maximum", 4);
        string[] vcpu = ["state", "time", "wait", "halted", "delay"];
        for (var index = 0; index < 4; index++)
        {
            foreach (var field in vcpu)
                yield return new($"vcpu.{index}.{field}", 1000000UL);
        }

        yield return new("block.count", disks);
        string[] block =
        [
            "rd.reqs", "rd.bytes", "rd.times", "wr.reqs", "wr.bytes", "wr.times", "fl.reqs", "fl.times", "allocation", "capacity", "physical",
        ];
        for (var index = 0; index < disks; index++)
        {
            yield return new($"block.{index}.name", $"vd{(char)('a' + index)}");
            yield return new($"block.{index}.path", $"/var/lib/libvirt/images/web{index}.qcow2");
            foreach (var field in block)
                yield return new($"block.{index}.{field}", 21474836480UL);
        }
    }

    internal const string DomainXml =
        """
        <domain type='kvm' id='3'>
          <name>web</name>
          <uuid>4dea22b3-1d52-4f7f-9a55-6d3c9a4a1f6e</uuid>
          <memory unit='KiB'>4194304</memory>
          <currentMemory unit='KiB'>4194304</currentMemory>
          <vcpu placement='static'>4</vcpu>
          <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os>
          <features><acpi/><apic/></features>
          <cpu mode='custom' match='exact' check='full'><model fallback='forbid'>EPYC</model><feature policy='require' name='x2apic'/></cpu>
          <clock offset='utc'><timer name='rtc' tickpolicy='catchup'/><timer name='pit' tickpolicy='delay'/><timer name='hpet' present='no'/></clock>
          <devices>
            <emulator>/usr/bin/qemu-system-x86_64</emulator>
            <disk type='file' device='disk'>
              <driver name='qemu' type='qcow2' cache='none'/>
              <source file='/var/lib/libvirt/images/web.qcow2' index='1'/>
              <backingStore/>
              <target dev='vda' bus='virtio'/>
              <address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x0'/>
            </disk>
            <controller type='usb' index='0' model='qemu-xhci'><address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></controller>
            <controller type='pci' index='0' model='pcie-root'/>
            <interface type='network'>
              <mac address='52:54:00:6b:3c:58'/>
              <source network='default' bridge='virbr0'/>
              <target dev='vnet3'/>
              <model type='virtio'/>
              <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
            </interface>
            <graphics type='vnc' port='5900' autoport='yes' listen='127.0.0.1'><listen type='address' address='127.0.0.1'/></graphics>
            <video><model type='virtio' heads='1' primary='yes'/></video>
            <memballoon model='virtio'><address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></memballoon>
          </devices>
        </domain>
        """;
}
