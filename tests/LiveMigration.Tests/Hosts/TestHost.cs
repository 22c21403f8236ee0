using LiveMigration.Hosts;
using LiveMigration.Units;

namespace LiveMigration.Tests.Hosts;

/// <summary>Hosts that libvirt plays inside this process (<c>test:</c>).</summary>
internal static class TestHost
{
    /// <summary>Domains that a test may change: each connection has its own. web3 is defined and does not run.</summary>
    private const string Node =
        """
        <node>
          <cpu><mhz>2600</mhz><model>x86_64</model><active>4</active><nodes>1</nodes><sockets>1</sockets><cores>4</cores><threads>1</threads></cpu>
          <memory>8388608</memory>
          <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
            <name>web1</name>
            <uuid>11111111-0000-4000-8000-000000000001</uuid>
            <memory unit='MiB'>512</memory>
            <currentMemory unit='MiB'>256</currentMemory>
            <vcpu>2</vcpu>
            <os><type>hvm</type></os>
          </domain>
          <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
            <test:runstate>3</test:runstate>
            <name>web2</name>
            <uuid>11111111-0000-4000-8000-000000000002</uuid>
            <memory unit='MiB'>512</memory>
            <os><type>hvm</type></os>
            <devices>
              <disk type='file'><source file='/default-pool/web2.img'/><target dev='vda'/></disk>
            </devices>
          </domain>
          <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
            <test:runstate>5</test:runstate>
            <name>web3</name>
            <uuid>11111111-0000-4000-8000-000000000003</uuid>
            <memory unit='MiB'>512</memory>
            <os><type>hvm</type></os>
          </domain>
        </node>
        """;

    public static Task<LibvirtHost> ConnectAsync(string name = "test") => LibvirtHost.ConnectAsync(name, HostUri.Parse("test:///default"));

    public static async Task<LibvirtHost> OwnAsync()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Node);
            return await LibvirtHost.ConnectAsync("own", HostUri.Parse($"test://{file}"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
