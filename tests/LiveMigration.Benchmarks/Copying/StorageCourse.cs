using System.Diagnostics;
using LiveMigration.Benchmarks.Measuring;

namespace LiveMigration.Benchmarks.Copying;

/// <summary>The guest's image and the lab's hosts a and b; each run takes both to the other host, where no image was.</summary>
/// <param name="lab">The command of the lab.</param>
/// <param name="image">The image's path.</param>
/// <param name="below">The backing file's path, which is the same on both hosts; null where there is none.</param>
internal sealed class StorageCourse(LabCommand lab, string image, string? below)
{
    private static readonly string[] Hosts = ["a", "b"];
    private int _at;

    internal string? Base => below;

    internal async Task<Copy> RunAsync(bool makeOverlay, Func<int, Task> move)
    {
        var (here, there) = (Hosts[_at], Hosts[1 - _at]);
        if (makeOverlay)
            await lab.RunAsync("sh", there, "qemu-img", "create", "-q", "-f", "qcow2", "-b", below!, "-F", "qcow2", image);
        var before = await lab.SentAsync(here);
        var started = Stopwatch.GetTimestamp();
        await move(_at);
        var time = Stopwatch.GetElapsedTime(started);
        var sent = await lab.SentAsync(here) - before;
        await lab.RunAsync("sh", here, "rm", "-f", image);
        // libvirt makes no image that it believes to be there.
        await lab.RunAsync("virsh", here, "pool-refresh", "default");
        _at = 1 - _at;
        return new Copy(time.TotalSeconds, sent);
    }
}
