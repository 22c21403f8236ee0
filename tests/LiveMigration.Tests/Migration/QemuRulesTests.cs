using LiveMigration.Hypervisors;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Interop.Qmp;
using LiveMigration.Migration;
using LiveMigration.Migration.Qemu;

namespace LiveMigration.Tests.Migration;

/// <summary>What a QEMU without libvirt says, and where its guest goes.</summary>
public sealed class QemuRulesTests
{
    private static readonly GuestPresence Gone = new(GuestState.Absent);

    [Theory]
    [InlineData(true, "running", null, nameof(GuestState.Running))]
    [InlineData(true, "running", "active", nameof(GuestState.Running))]
    [InlineData(true, "running", "completed", nameof(GuestState.Running))]
    [InlineData(false, "inmigrate", null, nameof(GuestState.ShutOff))]
    [InlineData(false, "inmigrate", "setup", nameof(GuestState.ShutOff))]
    [InlineData(false, "inmigrate", "failed", nameof(GuestState.ShutOff))]
    [InlineData(false, "inmigrate", "active", nameof(GuestState.PausedForMigration))]
    [InlineData(false, "finish-migrate", "pre-switchover", nameof(GuestState.PausedForMigration))]
    [InlineData(false, "postmigrate", "completed", nameof(GuestState.PausedForMigration))]
    [InlineData(false, "paused", "completed", nameof(GuestState.PausedUnexplained))]
    [InlineData(false, "io-error", null, nameof(GuestState.Paused))]
    [InlineData(false, "shutdown", null, nameof(GuestState.Ended))]
    [InlineData(true, "running", "postcopy-active", nameof(GuestState.PostCopy))]
    [InlineData(false, "inmigrate", "postcopy-active", nameof(GuestState.PostCopy))]
    [InlineData(false, "postmigrate", "postcopy-paused", nameof(GuestState.PostCopyFailed))]
    public void States_mean(bool running, string status, string? migration, string state)
    {
        var presence = QemuPresence.Of(new VmStatus(running, status), migration);
        Assert.Equal((Enum.Parse<GuestState>(state), running), (presence.State, presence.IsExecuting));
    }

    /// <summary>A source that has sent everything, and whose destination has ended, is where the guest is.</summary>
    [Theory]
    [InlineData("postmigrate", "completed", nameof(MigrationVerdict.StayedPaused))]
    [InlineData("finish-migrate", "pre-switchover", nameof(MigrationVerdict.StayedPaused))]
    public void What_is_stopped_for_a_destination_that_is_gone_goes_on(string status, string migration, string verdict) => Assert.Equal(
        Enum.Parse<MigrationVerdict>(verdict), OutcomeRules.Judge(QemuPresence.Of(new VmStatus(false, status), migration), Gone, mayBePaused: false));

    /// <summary>A destination that has all of it and was not started is no guest that lives, and no success.</summary>
    [Fact]
    public void A_destination_that_was_not_started_is_not_where_the_guest_is() => Assert.Equal(
        MigrationVerdict.Unsettled,
        OutcomeRules.Judge(QemuPresence.Of(new VmStatus(false, "postmigrate"), "completed"), QemuPresence.Of(new VmStatus(false, "paused"), "completed"), mayBePaused: false));

    [Theory]
    [InlineData("tcp://10.0.0.2", "tcp:10.0.0.2:0", "tcp:0.0.0.0:0")]
    [InlineData("tcp:b", "tcp:b:0", "tcp:0.0.0.0:0")]
    [InlineData("tcp://b:4444", "tcp:b:4444", "tcp:0.0.0.0:4444")]
    [InlineData("tcp://[fd00::2]", "tcp:[fd00::2]:0", "tcp:[::]:0")]
    [InlineData("unix:/run/m", "unix:/run/m", "unix:/run/m")]
    [InlineData("unix:///run/m", "unix:/run/m", "unix:/run/m")]
    [InlineData("rdma:10.0.0.2:4444", "rdma:10.0.0.2:4444", "rdma:10.0.0.2:4444")]
    [InlineData("file:/mnt/x", "file:/mnt/x", "file:/mnt/x")]
    public void Addresses_are_written_as_QEMU_has_them(string given, string uri, string incoming) =>
        Assert.Equal((uri, incoming), (QemuUri.Read(given), QemuUri.Incoming(QemuUri.Read(given), null)));

    [Theory]
    [InlineData("exec:ssh b 'PASS=secret cat >/run/x'", "exec:cat </run/x", "exec:cat </run/x", "exec:")]
    [InlineData("file:/a/x", "file:/b/x", "file:/b/x", "file:/a/x")]
    public void Programs_and_files_have_a_side_each_and_no_command_is_written_down(string uri, string listen, string incoming, string written) =>
        Assert.Equal((incoming, written), (QemuUri.Incoming(QemuUri.Read(uri), listen), QemuUri.WithoutCommand(uri)));

    [Theory]
    [InlineData("unix:/run/vm1.qmp,server=on,wait=off", "unix:/run/vm1.qmp", "localhost", true)]
    [InlineData("/run/vm1.qmp", "unix:/run/vm1.qmp", "localhost", true)]
    [InlineData("tcp:10.0.0.2:4444", "tcp:10.0.0.2:4444", "10.0.0.2", false)]
    [InlineData("ssh://root@b:2222/run/vm1.qmp?keyfile=/k", "ssh://root@b:2222/run/vm1.qmp", "b", false)]
    public void Monitors_are_where_their_addresses_say(string text, string shown, string host, bool local)
    {
        var address = QemuAddress.Parse(text);
        Assert.Equal((shown, host, local), (address.Text, address.HostName, address.IsLocal));
        Assert.Equal(address, QemuAddress.Parse(text));
    }

    [Theory]
    [InlineData("vm1")]
    [InlineData("ssh://b")]
    [InlineData("ssh:///run/vm1.qmp")]
    [InlineData("tcp:b")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<FormatException>(() => QemuAddress.Parse(text));
}
