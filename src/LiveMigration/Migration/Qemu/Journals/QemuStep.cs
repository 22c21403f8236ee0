namespace LiveMigration.Migration.Qemu.Journals;

/// <summary>The steps of a migration between two QEMUs, as its journal has them: each is on the disk before it has an effect.</summary>
internal static class QemuStep
{
    /// <summary>Who the two are, and what is changed in them.</summary>
    internal const string Begin = "begin";

    /// <summary>Another process ends it.</summary>
    internal const string Resume = "resume";

    /// <summary>Disks are offered and mirrored.</summary>
    internal const string Copy = "copy";

    /// <summary>Memory is sent.</summary>
    internal const string Migrate = "migrate";

    /// <summary>The guest is paused at the source on purpose.</summary>
    internal const string Suspend = "suspend";

    /// <summary>The destination starts by itself as soon as it can, and the source switches to post-copy.</summary>
    internal const string PostCopy = "post-copy";

    /// <summary>It does not after all.</summary>
    internal const string PostCopyRefused = "post-copy-refused";

    /// <summary>The halves of a post-copy that broke are joined.</summary>
    internal const string Recover = "recover";

    /// <summary>The source has sent everything.</summary>
    internal const string HandOver = "hand-over";

    /// <summary>The destination is told to run the guest.</summary>
    internal const string StartDestination = "start-destination";

    /// <summary>It has refused, and does not run it.</summary>
    internal const string Refused = "refused";

    /// <summary>The destination was seen to run the guest, or to have it where that is paused.</summary>
    internal const string DestinationRuns = "destination-runs";

    /// <summary>The source is ended.</summary>
    internal const string EndSource = "end-source";

    /// <summary>It is known to have ended.</summary>
    internal const string SourceEnded = "source-ended";

    /// <summary>The guest stays: the destination is ended, and the source is as it was.</summary>
    internal const string RollBack = "roll-back";
}
