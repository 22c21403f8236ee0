using LiveMigration.Benchmarks.Measuring;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Benchmarks.Copying;

/// <summary>A guest with a local disk, to and fro between two hosts, by virsh with a storage copy and by the core in turn.</summary>
internal static class StorageBenchmark
{
    internal static async Task RunAsync(string first, string second, string guest, StorageCourse course, int pairs)
    {
        string[] uris = [first, second];
        using var shellHere = await Shell.VirshAsync(first);
        using var shellThere = await Shell.VirshAsync(second);
        using var hostHere = await LibvirtHost.ConnectAsync("here", HostUri.Parse(first));
        using var hostThere = await LibvirtHost.ConnectAsync("there", HostUri.Parse(second));
        Shell[] shells = [shellHere, shellThere];
        LibvirtHost[] hosts = [hostHere, hostThere];

        // Both once, uncounted: page caches, and our just-in-time compiler.
        await VirshAsync();
        await CoreAsync();
        var copies = await Pairs<Copy>.RunAsync(pairs, VirshAsync, CoreAsync);
        var name = $"storage.{(course.Base is null ? "full" : "incremental")}";
        copies.Print($"{name}.wall", "s", copy => copy.Seconds, includes:
            "connected beforehand; virsh: the migrate command alone (libvirt makes a whole image, an overlay is there); ours: find the domain, look at its disks on both hosts, make the image, migrate, verify");
        copies.Print($"{name}.wire", "MiB", copy => copy.Bytes / (double)ByteSize.MiB, includes: "what the source's interface sent");

        // virsh makes no overlay at the destination, so each finds one there; for a whole copy libvirt makes the image itself.
        Task<Copy> VirshAsync() => course.RunAsync(makeOverlay: course.Base is not null, from => shells[from].RunAsync(
            $"migrate --live --persistent --undefinesource --abort-on-error --p2p {(course.Base is null ? "--copy-storage-all" : "--copy-storage-inc")} {guest} {uris[1 - from]}"));

        Task<Copy> CoreAsync() => course.RunAsync(makeOverlay: false, async from =>
        {
            var domain = await hosts[from].GetDomainAsync(guest);
            var plan = await domain.PlanMigrationAsync(hosts[1 - from], new MigrationOptions { Mode = MigrationMode.PeerToPeer, Tls = MigrationTls.Off });
            var wanted = course.Base is null ? DiskTransfer.Full : DiskTransfer.Incremental;
            if (plan.Disks.Single().Transfer != wanted)
                throw new InvalidOperationException($"Not {wanted}: {plan.Disks.Single()}");
            if ((await plan.Start().Completion).ToException() is { } failure)
                throw failure;
        });
    }
}
