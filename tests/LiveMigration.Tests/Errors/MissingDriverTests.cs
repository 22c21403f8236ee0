using LiveMigration.Errors;
using LiveMigration.Readiness.Gathering;

namespace LiveMigration.Tests.Errors;

/// <summary>B022: modular daemons of which some do not run, in the words of libvirt 8 to 11.</summary>
public sealed class MissingDriverTests
{
    [Theory]
    [InlineData("Failed to connect socket to '/run/libvirt/virtstoraged-sock': No such file or directory", "virtstoraged")]
    [InlineData("Failed to connect socket to '/var/run/libvirt/virtnetworkd-sock': Connection refused", "virtnetworkd")]
    [InlineData("Failed to connect socket to '/run/libvirt/virtnodedevd-sock-ro': No such file or directory", "virtnodedevd")]
    [InlineData("Failed to connect socket to '/run/user/1000/libvirt/virtsecretd-sock': No such file or directory", "virtsecretd")]
    [InlineData("Failed to connect socket to '/run/libvirt/virtqemud-sock': No such file or directory", null)]
    [InlineData("Failed to connect socket to '/run/libvirt/libvirt-sock': No such file or directory", null)]
    [InlineData("Storage pool not found: no storage pool with matching name 'virtstoraged'", null)]
    public void B022_a_driver_that_does_not_run_is_told_from_a_host_that_is_not_there(string words, string? daemon)
    {
        Assert.Equal(daemon, MissingDriver.In(words));
        var error = new LibvirtException(LibvirtErrorCode.SystemError, 7, words, "virConnectListAllStoragePools", "b");
        Assert.Equal(daemon is not null, MissingDriver.Is(error));
        Assert.Equal(daemon is not null, error.Fault == Faults.NotSupported);
        Assert.Equal(daemon, MissingDriver.In(error.Message));
    }

    [Fact]
    public async Task B022_what_such_a_driver_would_tell_is_untold_and_no_failure()
    {
        var error = new LibvirtException(LibvirtErrorCode.SystemError, 7, "Failed to connect socket to '/run/libvirt/virtinterfaced-sock': No such file or directory", "virConnectListAllInterfaces", "b");
        var fact = await Question.TryAsync<int>(() => throw error);
        Assert.Equal((true, "virtinterfaced"), (fact.IsUntold, MissingDriver.In(fact.Reason)));
    }
}
