using LiveMigration.Units;

namespace LiveMigration.Tests.Units;

public sealed class HostUriTests
{
    [Theory]
    [InlineData("qemu:///system", "qemu", "unix", "")]
    [InlineData("qemu+unix:///system?socket=/run/other", "qemu", "unix", "")]
    [InlineData("qemu://b/system", "qemu", "tls", "b")]
    [InlineData("qemu+ssh://root@b.lab:2222/system", "qemu", "ssh", "b.lab")]
    [InlineData("qemu+tcp://[fd00::12]/system", "qemu", "tcp", "[fd00::12]")]
    [InlineData("xen+tls://10.0.0.2/", "xen", "tls", "10.0.0.2")]
    [InlineData("test:///default", "test", "unix", "")]
    public void A_uri_has_a_driver_a_transport_and_a_host(string text, string driver, string transport, string host)
    {
        var uri = HostUri.Parse(text);
        Assert.Equal((driver, transport, host, host.Length == 0), (uri.Driver, uri.Transport, uri.Host, uri.IsLocal));
        Assert.Equal(driver == "test", uri.IsInProcess);
    }

    [Theory]
    [InlineData("qemu+ssh://Root@HOST/system?no_tty=1&x=%41")]
    [InlineData("qemu:///system")]
    public void What_was_read_goes_to_libvirt_unchanged(string text)
    {
        Assert.Equal(text, HostUri.Parse(text).Text);
        Assert.Equal(text, HostUri.Parse(text).ToString());
    }

    [Theory]
    [InlineData("b")]
    [InlineData("qemu:system")]
    [InlineData("qemu+ssh//b/system")]
    [InlineData("://b/system")]
    [InlineData("/var/lib/libvirt")]
    public void What_is_no_uri_is_refused_with_the_text_and_a_way_to_write_it(string text)
    {
        var error = Assert.Throws<FormatException>(() => HostUri.Parse(text));
        Assert.Equal(
            $"'{text}' is not a libvirt URI. Write it as qemu+ssh://HOST/system, qemu+tls://HOST/system or qemu:///system.", error.Message);
    }

    [Fact]
    public void A_password_is_refused_and_not_repeated()
    {
        var error = Assert.Throws<FormatException>(() => HostUri.Parse("qemu+ssh://root:secret@b/system"));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b", "qemu+ssh://b/system")]
    [InlineData("b.example.org", "qemu+ssh://b.example.org/system")]
    [InlineData("kvm_07", "qemu+ssh://kvm_07/system")]
    [InlineData("10.0.0.2", "qemu+ssh://10.0.0.2/system")]
    [InlineData("fd00::12", "qemu+ssh://[fd00::12]/system")]
    [InlineData("[fd00::12]", "qemu+ssh://[fd00::12]/system")]
    [InlineData("::ffff:10.0.0.2", "qemu+ssh://[::ffff:10.0.0.2]/system")]
    public void A_bare_name_becomes_a_uri(string name, string uri) => Assert.Equal(uri, HostUri.FromName(name).Text);

    [Fact]
    public void The_template_decides_what_a_bare_name_becomes() =>
        Assert.Equal("qemu+tls://b/system?pkipath=/etc/x", HostUri.FromName("b", "qemu+tls://NAME/system?pkipath=/etc/x").Text);

    [Theory]
    [InlineData("b c")]
    [InlineData("b:16509")]
    [InlineData("b/system")]
    [InlineData("root@b")]
    [InlineData("b;reboot")]
    public void What_is_no_name_is_refused(string name) => Assert.Equal(
        $"'{name}' is neither a libvirt URI nor a host name.", Assert.Throws<FormatException>(() => HostUri.FromName(name)).Message);

    [Theory]
    [InlineData("qemu+ssh://b/system", "qemu+ssh://root@b/system")]
    [InlineData("qemu+ssh://admin@b:2222/system?keyfile=/k&no_tty=1", "qemu+ssh://root@b:2222/system?keyfile=/k&no_tty=1")]
    [InlineData("qemu+tcp://[fd00::12]/system", "qemu+tcp://root@[fd00::12]/system")]
    public void Another_user_replaces_the_user_and_nothing_else(string before, string after) =>
        Assert.Equal(after, HostUri.Parse(before).WithUser("root").Text);

    [Fact]
    public void A_users_name_is_escaped() =>
        Assert.Equal("qemu+ssh://EXAMPLE%5Cjane%40corp@b/system", HostUri.FromName("b").WithUser("EXAMPLE\\jane@corp").Text);

    [Theory]
    [InlineData("qemu+ssh://b/system", "qemu+ssh://b/system?keyfile=/root/.ssh/id")]
    [InlineData("qemu+ssh://b/system?keyfile=/old", "qemu+ssh://b/system?keyfile=/root/.ssh/id")]
    [InlineData("qemu+ssh://b/system?KeyFile=/old", "qemu+ssh://b/system?keyfile=/root/.ssh/id")]
    [InlineData("qemu+ssh://b/system?keyfile=/old&no_tty=1", "qemu+ssh://b/system?no_tty=1&keyfile=/root/.ssh/id")]
    public void A_parameter_is_added_or_replaced(string before, string after) =>
        Assert.Equal(after, HostUri.Parse(before).With("keyfile", "/root/.ssh/id").Text);

    [Fact]
    public void A_parameter_is_there_or_not()
    {
        var uri = HostUri.Parse("qemu+ssh://b/system?no_tty&Keyfile=/k");
        Assert.True(uri.Has("no_tty"));
        Assert.True(uri.Has("keyfile"));
        Assert.False(uri.Has("no_verify"));
    }

    [Fact]
    public void A_parameter_of_any_text_survives()
    {
        foreach (var value in Many.Texts())
        {
            var uri = HostUri.Parse("qemu+ssh://b/system").With("keyfile", value).With("no_tty", "1");
            var written = uri.Text.Split("keyfile=")[1].Split('&')[0];
            Assert.Equal(value, Uri.UnescapeDataString(written));
            Assert.Equal("b", uri.Host);
        }
    }

    // https://libvirt.org/uri.html and what virsh accepts: everything that names a file, a program or a habit of the client.
    [Theory]
    [InlineData("keyfile=/root/.ssh/id")]
    [InlineData("known_hosts=/root/.ssh/known_hosts")]
    [InlineData("known_hosts_verify=ignore")]
    [InlineData("no_verify=1")]
    [InlineData("no_tty=1")]
    [InlineData("no_sanity=1")]
    [InlineData("command=/opt/bin/ssh")]
    [InlineData("socket=/run/libvirt/libvirt-sock")]
    [InlineData("pkipath=/tmp/pki")]
    [InlineData("authfile=/root/auth.conf")]
    [InlineData("sshauth=privkey")]
    [InlineData("netcat=/opt/bin/nc")]
    [InlineData("proxy=native")]
    [InlineData("KEYFILE=/root/.ssh/id")]
    public void What_speaks_of_the_client_is_not_for_another_host(string parameter)
    {
        Assert.Equal("qemu+ssh://root@b/system", HostUri.Parse($"qemu+ssh://root@b/system?{parameter}").ForPeer()!.Text);
        Assert.Equal("qemu+ssh://root@b/system?tls_priority=NORMAL", HostUri.Parse($"qemu+ssh://root@b/system?{parameter}&tls_priority=NORMAL").ForPeer()!.Text);
    }

    [Theory]
    [InlineData("qemu:///system")]
    [InlineData("qemu+unix:///system?socket=/run/x")]
    [InlineData("test:///default")]
    public void Another_host_cannot_use_a_local_daemon(string text) => Assert.Null(HostUri.Parse(text).ForPeer());

    [Fact]
    public void For_another_host_is_for_another_host_again()
    {
        var once = HostUri.Parse("qemu+tls://b/system?pkipath=/x&tls_priority=A%2BB").ForPeer()!;
        Assert.Equal(once, once.ForPeer());
    }

    [Fact]
    public void The_same_text_is_the_same_uri()
    {
        var one = HostUri.FromName("b");
        Assert.Equal(one, HostUri.FromName("b"));
        Assert.Equal(one.GetHashCode(), HostUri.FromName("b").GetHashCode());
        Assert.NotEqual(one, HostUri.FromName("c"));
    }
}
