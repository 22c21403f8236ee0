using LiveMigration.State;

namespace LiveMigration.Migration.Qemu.Journals;

/// <summary>What a journal says about where the guest may be.</summary>
internal readonly record struct QemuHistory
{
    /// <summary>Whether the guest ran when the migration began.</summary>
    internal bool Executes { get; init; }

    /// <summary>Whether the source has all disks for itself: what the destination has done changes none of them.</summary>
    internal bool OwnDisks { get; init; }

    /// <summary>Whether the destination was told to run the guest: nobody knows whether it has, unless it says so.</summary>
    internal bool Told { get; init; }

    /// <summary>Whether it was seen to.</summary>
    internal bool Proven { get; init; }

    /// <summary>Whether the switch to post-copy was ordered.</summary>
    internal bool PostCopy { get; init; }

    /// <summary>Whether the source was told to send: a file that was new before may have been written since.</summary>
    internal bool MaySend { get; init; }

    /// <summary>Whether the source has sent everything.</summary>
    internal bool Sent { get; init; }

    /// <summary>Whether it was decided that the guest stays.</summary>
    internal bool RollsBack { get; init; }

    /// <summary>Whether we paused the guest.</summary>
    internal bool Suspended { get; init; }

    /// <summary>Whether the source is known to have ended.</summary>
    internal bool SourceEnded { get; init; }

    /// <summary>Whether mirrors were begun.</summary>
    internal bool Mirrors { get; init; }

    /// <summary>Whether the destination may run, or may have run, without having been seen to.</summary>
    internal bool MayHaveRun => Told || Proven || (PostCopy && Executes);

    /// <summary>Whether what the destination has may be another stream: it was not seen yet what it has read.</summary>
    internal bool IsUnproven { get; init; }

    /// <summary>Reads the steps. What is lost of them may have been the order to run.</summary>
    internal static QemuHistory Of(IEnumerable<StateRecord> records, bool complete)
    {
        var history = new QemuHistory { Told = !complete };
        foreach (var fields in records.Select(record => record.Fields))
        {
            history = fields["step"] switch
            {
                QemuStep.Begin => history with { Executes = fields.Flag("running"), OwnDisks = fields.Items("shared").Count == 0, IsUnproven = fields["nonce"] is not null },
                QemuStep.Copy => history with { Mirrors = true },
                QemuStep.Migrate => history with { MaySend = true },
                QemuStep.Suspend => history with { Suspended = true },
                QemuStep.PostCopy => history with { PostCopy = true },
                QemuStep.PostCopyRefused => history with { PostCopy = false },
                QemuStep.HandOver => history with { Sent = true, IsUnproven = false },
                QemuStep.StartDestination => history with { Sent = true, Told = true, IsUnproven = false },
                QemuStep.Refused => history with { Told = !complete },
                QemuStep.DestinationRuns => history with { Sent = true, Proven = true },
                QemuStep.SourceEnded => history with { SourceEnded = true },
                QemuStep.RollBack => history with { RollsBack = true },
                _ => history,
            };
        }

        return history;
    }
}
