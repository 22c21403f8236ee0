using LiveMigration.Interop.Qmp;

namespace LiveMigration.Tests.Interop.Qmp;

public sealed class QmpAddressTests
{
    [Theory]
    [InlineData("unix:/run/vm1.qmp", "unix:/run/vm1.qmp")]
    [InlineData("unix:/run/vm1.qmp,server=on,wait=off", "unix:/run/vm1.qmp")]
    [InlineData("unix:vm1.qmp", "unix:vm1.qmp")]
    [InlineData("/run/vm1.qmp", "unix:/run/vm1.qmp")]
    [InlineData("tcp:127.0.0.1:4444,server,nowait", "tcp:127.0.0.1:4444")]
    [InlineData("tcp:[::1]:4444", "tcp:[::1]:4444")]
    [InlineData("tcp:kvm1.example.org:4444", "tcp:kvm1.example.org:4444")]
    public void An_address_reads_as_QEMU_takes_it(string text, string expected) =>
        Assert.Equal(expected, QmpAddress.Describe(QmpAddress.Parse(text)));

    [Theory]
    [InlineData("")]
    [InlineData("vm1.qmp")]
    [InlineData("unix:")]
    [InlineData("tcp:127.0.0.1")]
    [InlineData("tcp::4444")]
    [InlineData("tcp:host:0")]
    [InlineData("tcp:host:65536")]
    [InlineData("tcp:host:port")]
    [InlineData("http://host:80")]
    public void What_is_no_address_says_how_to_write_one(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => QmpAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_path_that_is_too_long_for_a_socket_is_told() =>
        Assert.Throws<FormatException>(() => QmpAddress.Parse("unix:/" + new string('x', 200)));
}
