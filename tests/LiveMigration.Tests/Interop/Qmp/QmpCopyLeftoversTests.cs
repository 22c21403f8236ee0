using System.Text.Json;
using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

/// <summary>C001: what a daemon that died left in a QEMU that lives on; answers in the form of QEMU 7.2.</summary>
public sealed class QmpCopyLeftoversTests
{
    private const string Nodes = """
        [{"node-name":"migration-vda-storage","drv":"nbd"},{"node-name":"migration-vda-format","drv":"raw"},{"node-name":"libvirt-1-format","drv":"qcow2"},
        {"node-name":"libvirt-1-storage","drv":"file"},{"node-name":"#block123","drv":"file"}]
        """;

    private const string Mirror = """[{"type":"mirror","device":"drive-virtio-disk0","busy":true,"len":1,"offset":0},{"type":"backup","device":"mine"}]""";

    [Fact]
    public void Jobs_come_first_and_storage_last() => Assert.Equal(
        ["block job 'drive-virtio-disk0'", "export 'libvirt-nbd-drive-virtio-disk0'", "node 'migration-vda-format'", "node 'migration-vda-storage'"],
        Found(Nodes, Mirror, """[{"id":"libvirt-nbd-drive-virtio-disk0","type":"nbd","node-name":"libvirt-1-format"},{"id":"mine","type":"fuse"}]"""));

    [Fact]
    public void What_a_VM_has_by_itself_is_no_leftover() => Assert.Empty(
        Found("""[{"node-name":"libvirt-1-format"},{"node-name":"libvirt-migration-1"},{"drv":"file"}]""", "[]", "[]"));

    /// <summary>Nothing is removed that libvirt did not make.</summary>
    [Theory]
    [InlineData("[]", Mirror, "[]")]
    [InlineData(Nodes, """[{"type":"mirror","device":"mine"}]""", "[]", "node 'migration-vda-format'", "node 'migration-vda-storage'")]
    [InlineData("[]", "[]", """[{"id":"mine","type":"nbd","node-name":"libvirt-1-format"}]""")]
    public void What_somebody_else_made_through_the_monitor_is_no_leftover(string nodes, string jobs, string exports, params string[] left) =>
        Assert.Equal(left, Found(nodes, jobs, exports));

    private static string[] Found(string nodes, string jobs, string exports) =>
        [.. QmpCopyLeftovers.Of(Json(nodes), Json(jobs), Json(exports)).Select(one => $"{one}")];

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
