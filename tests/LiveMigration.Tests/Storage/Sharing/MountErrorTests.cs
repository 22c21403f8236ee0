using LiveMigration.Storage.Sharing;

namespace LiveMigration.Tests.Storage.Sharing;

/// <summary>S3: why a mount failed. The first message is libvirt's 9.0 in the lab; what mount.nfs says in the others is nfs-utils'.</summary>
public sealed class MountErrorTests
{
    private static readonly SharedStorage Vms = new() { Name = "vms", Path = "/srv/vms", Server = "nfs1", Export = "/vms" };

    [Theory]
    [InlineData("mount.nfs: No such device", "the kernel of a cannot mount NFS: it has no nfs module (mount.nfs: No such device).")]
    [InlineData("mount: /srv/vms: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.", "a has no programs to mount NFS")]
    [InlineData("mount.nfs: access denied by server while mounting nfs1:/vms", "nfs1 does not export /vms to a")]
    [InlineData("mount.nfs: mounting nfs1:/vms failed, reason given by server: No such file or directory", "nfs1 has no export /vms")]
    [InlineData("mount.nfs: Connection timed out", "a cannot reach an NFS server at nfs1")]
    [InlineData("mount.nfs: Failed to resolve server nfs1: Name or service not known", "a cannot reach an NFS server at nfs1")]
    [InlineData("mount.nfs: something new", "mount.nfs: something new.")]
    public void What_mount_says_is_told_and_what_it_means(string said, string told) => Assert.StartsWith(told, MountError.Explain(
        $"internal error: Child process (/bin/mount -o nodev,nosuid,noexec -t nfs nfs1:/vms /srv/vms) unexpected exit status 32: {said}\n", "a", Vms), StringComparison.Ordinal);
}
