namespace LiveMigration.Migration.Parameters;

/// <summary>
/// What QEMU does not tell of its capabilities. Those with <see cref="SetWith"/> libvirt switches on or off at the start of each
/// migration, whatever they were (seen with libvirt 9.0: qemuMigrationParamsApply).
/// </summary>
internal sealed record KnownCapability(string Meaning, string? SetWith = null)
{
    private const string Start = "Start-VMLiveMigration";
    private const string Always = "libvirt itself, always";

    private static readonly Dictionary<string, KnownCapability> All = new()
    {
        ["auto-converge"] = new("Slows the guest down until the migration converges.", $"{Start} -AutoConverge"),
        ["background-snapshot"] = new("Takes a snapshot of memory while the guest continues to run."),
        ["block"] = new("Sends disks in the memory stream; removed in QEMU 9.1."),
        ["compress"] = new("Compresses pages with separate threads; removed in QEMU 9.1.", $"{Start} -Compression"),
        ["dirty-bitmaps"] = new("Migrates the disks' dirty bitmaps.", Always),
        ["dirty-limit"] = new("Throttles only the virtual CPUs that dirty too much memory."),
        ["events"] = new("Sends events when the migration state changes.", Always),
        ["late-block-activate"] = new("Activates the disks on the destination only when the guest resumes there.", Always),
        ["mapped-ram"] = new("Stores each page at a fixed offset in a file."),
        ["multifd"] = new("Sends memory over several connections.", $"{Start} -Parallel"),
        ["pause-before-switchover"] = new("Pauses before the switchover so that libvirt can finish disk copies.", Always),
        ["postcopy-blocktime"] = new("Measures on the destination how long the guest was blocked in post-copy."),
        ["postcopy-preempt"] = new("Sends pages that the guest waits for over a separate connection.", $"{Start} -PostCopy"),
        ["postcopy-ram"] = new("Allows post-copy.", $"{Start} -PostCopy"),
        ["rdma-pin-all"] = new("Pins all memory before an RDMA migration.", Always),
        ["release-ram"] = new("Frees pages on the source as they are sent in post-copy."),
        ["return-path"] = new("Opens a return path from the destination to the source.", Always),
        ["switchover-ack"] = new("Waits for the destination's devices before the switchover."),
        ["validate-uuid"] = new("Refuses a destination with a different UUID."),
        ["x-colo"] = new("Keeps a second copy of the guest synchronized (COLO)."),
        ["x-ignore-shared"] = new("Skips memory that both sides share."),
        ["xbzrle"] = new("Sends only the changes of previously sent pages.", $"{Start} -Compression"),
        ["zero-blocks"] = new("Does not send zero blocks of disks, with the capability block."),
        ["zero-copy-send"] = new("Sends without copying data in the kernel, with the capability multifd.", $"{Start} -ZeroCopy"),
    };

    internal static IReadOnlyCollection<string> Names => All.Keys;

    internal static KnownCapability Of(string name) => All.GetValueOrDefault(name) ?? new KnownCapability("");
}
