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
        ["auto-converge"] = new("Slows the guest down until it converges.", $"{Start} -AutoConverge"),
        ["background-snapshot"] = new("Saves the memory of a guest that goes on writing."),
        ["block"] = new("Sends disks within the memory stream; removed in QEMU 9.1."),
        ["compress"] = new("Compresses pages with threads of its own; removed in QEMU 9.1.", $"{Start} -Compression"),
        ["dirty-bitmaps"] = new("Takes the disks' dirty bitmaps along.", Always),
        ["dirty-limit"] = new("Holds back those virtual CPUs that dirty too much."),
        ["events"] = new("Tells of changes of state.", Always),
        ["late-block-activate"] = new("Lets the destination open the disks only when the guest goes on there.", Always),
        ["mapped-ram"] = new("Gives each page its place in a file."),
        ["multifd"] = new("Sends over several connections.", $"{Start} -Parallel"),
        ["pause-before-switchover"] = new("Stops before the switch-over, so that libvirt can end disk copies.", Always),
        ["postcopy-blocktime"] = new("Counts at the destination how long the guest waited in post-copy."),
        ["postcopy-preempt"] = new("Sends pages that the guest waits for over a connection of their own.", $"{Start} -PostCopy"),
        ["postcopy-ram"] = new("Allows post-copy.", $"{Start} -PostCopy"),
        ["rdma-pin-all"] = new("Pins all memory before RDMA begins.", Always),
        ["release-ram"] = new("Frees pages at the source as they are sent in post-copy."),
        ["return-path"] = new("Lets the destination answer.", Always),
        ["switchover-ack"] = new("Waits for the destination's devices before the switch-over."),
        ["validate-uuid"] = new("Refuses a destination with another UUID."),
        ["x-colo"] = new("Keeps a second copy of the guest in step."),
        ["x-ignore-shared"] = new("Leaves out memory that both sides share."),
        ["xbzrle"] = new("Sends only what changed in a page that was sent before.", $"{Start} -Compression"),
        ["zero-blocks"] = new("Does not send disk blocks of zeros, with the capability block."),
        ["zero-copy-send"] = new("Sends without copying first, with the capability multifd.", $"{Start} -ZeroCopy"),
    };

    internal static IReadOnlyCollection<string> Names => All.Keys;

    internal static KnownCapability Of(string name) => All.GetValueOrDefault(name) ?? new KnownCapability("");
}
