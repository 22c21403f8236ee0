using System.Globalization;
using System.Text;

namespace LiveMigration.Benchmarks.Listing;

/// <summary>A host of libvirt's test driver with many running domains.</summary>
internal static class NodeDefinition
{
    internal static void Write(string path, int domains)
    {
        using var node = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        node.WriteLine("<node>");
        for (var index = 0; index < domains; index++)
        {
            var name = index.ToString("vm00000", CultureInfo.InvariantCulture);
            node.WriteLine(
                $"""
                <domain type='test'>
                  <name>{name}</name><uuid>00000000-0000-4000-8000-{index:x12}</uuid>
                  <memory unit='GiB'>4</memory><vcpu>2</vcpu><os><type>hvm</type></os>
                  <devices>
                    <disk type='file' device='disk'><source file='/var/lib/libvirt/images/{name}.qcow2'/><target dev='vda' bus='virtio'/></disk>
                  </devices>
                </domain>
                """);
        }

        node.WriteLine("</node>");
    }
}
