using D = LiveMigration.Migration.Qemu.Journals.QemuDestinationHalf;
using S = LiveMigration.Migration.Qemu.Journals.QemuSourceHalf;

namespace LiveMigration.Migration.Qemu.Journals;

/// <summary>
/// The truth table of a migration whose controller is gone: what it had written down and what both QEMUs say → what ends it. Never two that
/// run; never none where it is certain that one may; and who is silent is not dead.
/// </summary>
internal static class QemuResumeRules
{
    internal static (QemuResumption Action, string Why) Decide(QemuHistory history, S source, D destination) => source switch
    {
        S.Silent => (QemuResumption.ByHand, "the source does not answer, which does not mean that it has ended: the VM may go on there"),
        S.Ended => SourceEnded(history, destination),
        S.Runs or S.Paused => AtSource(history, source, destination),
        S.Sends or S.Waits => Sending(history, source, destination),
        S.Sent or S.Stopped => Stopped(history, source, destination),
        S.PostCopy => destination switch
        {
            D.Ended or D.Failed => HalfLost,
            D.Silent => DestinationSilent,
            D.Waits or D.Other => Strange,
            _ => (QemuResumption.Follow, "the VM runs at the destination in post-copy"),
        },
        _ => destination switch
        {
            D.PostCopyPaused or D.PostCopy or D.Receives => (QemuResumption.RecoverPostCopy, "its post-copy was interrupted"),
            D.Runs => Runs,
            D.Has => Has,
            D.Ended or D.Failed => HalfLost,
            D.Silent => DestinationSilent,
            _ => Strange,
        },
    };

    private static (QemuResumption, string) DestinationSilent =>
        (QemuResumption.ByHand, "the destination does not answer, and may run the VM");

    private static (QemuResumption, string) Strange =>
        (QemuResumption.ByHand, "what both say does not belong together: somebody else may have acted on them");

    private static (QemuResumption, string) HalfLost =>
        (QemuResumption.ByHand, "the VM had moved in post-copy, and the destination has ended with its memory. What the source has is older than its disks: do not continue it, end both and start the VM again");

    private static (QemuResumption, string) Runs => (QemuResumption.EndSource, "it runs at the destination");

    private static (QemuResumption, string) Has => (QemuResumption.StartDestination, "the destination has everything");

    private static (QemuResumption, string) Stays(string why) => (QemuResumption.RollBack, why);

    /// <summary>The destination's is the only copy, if it is one.</summary>
    private static (QemuResumption, string) SourceEnded(QemuHistory history, D destination) => destination switch
    {
        D.Runs or D.Other => (QemuResumption.Forget, "the destination has the VM, and the source has ended"),
        D.Has => history.Executes || history.IsUnproven ? Has : (QemuResumption.Forget, "the destination has the VM, paused as it was, and the source has ended"),
        D.Receives => Has,
        D.PostCopy when history.Sent => Has,
        D.PostCopy => (QemuResumption.ByHand, "the source has ended in post-copy. If it had sent everything, the destination says so in a moment"),
        D.PostCopyPaused => (QemuResumption.ByHand, "the source has ended in post-copy with memory that the destination lacks: end the destination and start the VM again"),
        _ when history.Proven || history.SourceEnded => (QemuResumption.Forget, "the VM had moved"),
        D.Silent => DestinationSilent,
        _ => (QemuResumption.Forget, "the source has ended, and the destination has nothing of the VM: it is lost"),
    };

    /// <summary>It runs there, or is paused there by somebody's wish: it was not handed over.</summary>
    private static (QemuResumption, string) AtSource(QemuHistory history, S source, D destination) => destination switch
    {
        D.Runs => (QemuResumption.ByHand, source is S.Runs ? "it runs twice: end one of the two at once" : "the destination runs it, and the source was continued since it sent it"),
        D.PostCopy or D.PostCopyPaused or D.Other => Strange,
        D.Ended when history.Proven => (QemuResumption.ByHand, "the destination had run it and has ended, and the source was continued or started again since. If that is as it should be, forget the migration (-Forget)"),
        D.Has or D.Silent when history.MayHaveRun => (QemuResumption.ByHand, $"the source has been continued, and the destination was told to run it as well{(destination is D.Silent ? ", and does not answer" : "")}"),
        _ => Stays($"the VM {(source is S.Runs ? "runs" : "is")} at the source, and was not handed over"),
    };

    private static (QemuResumption, string) Sending(QemuHistory history, S source, D destination) => (source, destination) switch
    {
        // Until it goes on from there, the destination cannot have all of the guest.
        (S.Waits, D.Receives) when !history.RollsBack => (QemuResumption.Follow, "the source waits for the order to switch over"),
        (S.Waits, D.Receives or D.Waits or D.Silent or D.Ended or D.Failed) => Stays("the source waits for the order to switch over"),
        (S.Waits, _) => Strange,
        (_, D.Other or D.PostCopyPaused) => Strange,
        (_, D.Silent) when history.PostCopy || history.MayHaveRun => DestinationSilent,
        (_, D.Silent) => Stays("the destination does not answer"),
        (_, D.Ended or D.Failed) when !history.PostCopy => Stays("the destination has failed"),
        (_, not (D.Runs or D.PostCopy or D.Has)) when history.RollsBack && !history.PostCopy => Stays("it was being stopped"),
        _ => (QemuResumption.Follow, "the source sends it"),
    };

    /// <summary>
    /// The source holds the guest as it was when it had been sent. It goes on there only if the destination has never run it, or, with disks
    /// of its own, is proven to be gone without having been seen to run it.
    /// </summary>
    private static (QemuResumption, string) Stopped(QemuHistory history, S source, D destination) => (source, destination) switch
    {
        (_, D.Runs) => Runs,
        (S.Sent, D.PostCopy) => (QemuResumption.StartDestination, "the destination has everything in a moment"),
        (S.Sent, D.Has or D.Receives) when !history.RollsBack || history.MayHaveRun => Has,
        (_, D.PostCopy or D.PostCopyPaused or D.Other) => Strange,
        // It refused the guest, or could not load it: it has never run.
        (_, D.Failed) when !history.PostCopy => Stays("the destination could not load the VM"),
        (_, D.Ended) when history is { Told: true, OwnDisks: true, Proven: false, PostCopy: false } =>
            Stays("the destination was told to run it and has ended; the source has its own disks, and the VM as it was then"),
        (_, D.Ended) when history.MayHaveRun =>
            (QemuResumption.ByHand, "the destination has ended after it may have run the VM. What the source has is older than the disks: do not continue it, end it and start the VM again"),
        (_, D.Silent) when history.MayHaveRun => DestinationSilent,
        _ when history.MayHaveRun => Strange,
        _ => Stays("the destination never ran it"),
    };
}
