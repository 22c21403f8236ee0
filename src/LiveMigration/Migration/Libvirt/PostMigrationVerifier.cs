using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Hypervisors;
using LiveMigration.Planning;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;

namespace LiveMigration.Migration.Libvirt;

/// <summary>What libvirt does not carry along, and the look at what it did.</summary>
internal sealed class PostMigrationVerifier(MigrationPlan plan, MigrationRun run)
{
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="outcome">Where the domain is.</param>
    /// <param name="reported">Whether libvirt reported an error all the same.</param>
    /// <param name="pause">How long the guest stood still; null where that is not known.</param>
    internal async Task<IReadOnlyList<VerifiedFact>> VerifyAsync(OutcomeProbe outcome, bool reported, TimeSpan? pause)
    {
        var facts = new List<VerifiedFact>();
        VerifiedFact? earlier = null;
        try
        {
            if (plan.Domain is { Autostart: true, Persistent: true })
                await CarryAutostartAsync().ConfigureAwait(false);
            var arrived = await ArrivedAsync().ConfigureAwait(false);
            facts.Add(plan.Options.Offline
                ? Fact($"defined on {plan.Destination.Name}", isTrue: true, arrived.Status.ToString())
                : StateFact(plan.Domain.Status, arrived.Status, plan.Destination.Name));
            facts.Add(Fact($"named '{plan.FinalName}'", arrived.Name == plan.FinalName, arrived.Name));
            facts.Add(Fact(plan.Domain.Persistent ? "persistent" : "transient", arrived.Persistent == plan.Domain.Persistent, arrived.Persistent ? "persistent" : "transient"));
            facts.Add(Fact(plan.Domain.Autostart ? "starts automatically with the host" : "does not start automatically with the host", arrived.Autostart == plan.Domain.Autostart, arrived.Autostart ? "autostart" : "no autostart"));
            foreach (var drive in arrived.Disks.Where(disk => disk.Source is null && plan.Domain.Disks.Any(before => before.Target == disk.Target && before.Source is not null)))
                run.Notice($"{drive.Target} of '{plan.FinalName}' is empty now: {plan.Destination.Name} has no {plan.Domain.Disks.First(before => before.Target == drive.Target).Source}, and libvirt ejected it.");
            facts.Add(Fact(
                plan.Domain.Disks.Count switch { 0 => "has no disks", 1 => "has its disk", var count => $"has its {count} disks" },
                SameDisks(arrived) && KnowsDisks(arrived), arrived.Disks.Count == 0 ? "none" : string.Join(", ", arrived.Disks.Select(Found))));
            earlier = await EarlierAsync().ConfigureAwait(false);
            if (earlier is not null)
                facts.Add(earlier);
        }
        catch (LiveMigrationException error)
        {
            facts.Add(Fact($"verified on {plan.Destination.Name}", isTrue: false, error.Message));
        }

        var kept = plan.Options.KeepSource && plan.Domain.Persistent;
        facts.Add(kept
            ? Fact($"kept on {plan.Source.Name}, shut off", outcome.Source is { IsGone: true, State: not GuestState.Absent }, outcome.Source.ToString())
            : Fact($"removed from {plan.Source.Name}", outcome.Source.State is GuestState.Absent, outcome.Source.ToString()));
        // What the destination has of an earlier time makes the VM itself no worse.
        var doubtful = reported || facts.Exists(fact => !fact.IsTrue && fact != earlier);
        foreach (var disk in plan.Disks.Where(disk => disk.SourceDisk is not SourceDisk.Keep).ToList())
            facts.Add(await LeaveAsync(disk, outcome, doubtful).ConfigureAwait(false));
        if (outcome.Source.IsGone)
            facts.AddRange(await RecordLeftAsync().ConfigureAwait(false));
        if (outcome.Destination.IsExecuting && await GuestClock.SetAsync(plan, pause).ConfigureAwait(false) is { } clock)
            run.Notice(clock);
        foreach (var fact in facts.Where(fact => !fact.IsTrue))
            run.Notice($"'{run.Name}' has moved, but a check failed: expected '{fact.What}', found '{fact.Found}'.");
        return facts;
    }

    /// <summary>A guest that ran runs, one that was paused is paused: an error that has paused it since is no pause that anybody wanted.</summary>
    internal static VerifiedFact StateFact(DomainStatus before, DomainStatus arrived, string host) => before.State is DomainState.Paused && !before.IsPausedByError
        ? Fact($"paused on {host}, as before", arrived is { IsActive: true, IsExecuting: false, IsPausedByError: false }, arrived.ToString())
        : Fact($"active on {host}", arrived is { IsActive: true, IsPausedByError: false } || (before.IsPausedByError && arrived.IsActive), arrived.ToString());

    /// <summary>What the destination has kept of the time when it had the VM before; null where its driver keeps nothing.</summary>
    private async Task<VerifiedFact?> EarlierAsync()
    {
        if (!plan.Domain.Persistent)
            return null;
        try
        {
            var (saved, snapshots) = await plan.Destination.CallAsync(plan.Domain.Uuid, native => (native.HasManagedSave(), native.CountSnapshots()), CancellationToken.None).ConfigureAwait(false);
            return Fact($"no saved memory or snapshots on {plan.Destination.Name}", !saved && snapshots == 0, EarlierWords(saved, snapshots));
        }
        catch (LibvirtException error) when (error.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported)
        {
            return null;
        }
    }

    internal static string EarlierWords(bool saved, int snapshots) => (saved, snapshots) switch
    {
        (false, 0) => "none",
        (true, 0) => "saved memory, from which it would start the next time",
        (false, _) => $"snapshots ({snapshots})",
        _ => $"saved memory, from which it would start the next time, and snapshots ({snapshots})",
    };

    /// <summary>An image is taken from the source only when the domain was seen to run elsewhere, and all is as it should be.</summary>
    private async Task<VerifiedFact> LeaveAsync(DiskMove disk, OutcomeProbe outcome, bool doubtful)
    {
        var what = $"{disk.Source} {(disk.SourceDisk is SourceDisk.Remove ? "removed" : "renamed")} on {plan.Source.Name}";
        if (doubtful || outcome is not { Destination.IsExecuting: true, Source.IsGone: true })
            return Fact(what, isTrue: false, $"kept, because it could not be verified that '{plan.FinalName}' runs correctly on {plan.Destination.Name}");
        try
        {
            return Fact(what, isTrue: true, await SourceImages.LeaveAsync(plan.Domain.Uuid, plan.Source, disk).ConfigureAwait(false));
        }
        catch (LiveMigrationException error)
        {
            return Fact(what, isTrue: false, $"kept: {error.Message}");
        }
    }

    /// <summary>What stays on the source is ours until somebody touches it. Where it cannot be written down, the way back asks for it.</summary>
    private async Task<IReadOnlyList<VerifiedFact>> RecordLeftAsync()
    {
        var facts = new List<VerifiedFact>();
        // Of an image that could not be looked into nobody knows what it holds beside what was copied.
        foreach (var disk in plan.Disks.Where(disk => disk is { Transfer: not DiskTransfer.None, SourceDisk: SourceDisk.Keep }
            && (disk is { Loses: null } and not { Format: "qcow2", Header: null } || plan.Options.Storage.MayLoseSnapshots(disk.Target))))
        {
            try
            {
                if (await SourceImages.RecordAsync(plan.Domain.Uuid, plan.Source, disk).ConfigureAwait(false) is { } isThere)
                    facts.Add(Fact($"{disk.Source} kept on {plan.Source.Name}", isThere, isThere ? "kept" : "not found"));
            }
            catch (Exception error) when (error is LiveMigrationException or IOException or UnauthorizedAccessException)
            {
                run.Notice($"{disk.Source} remains on {plan.Source.Name}, and could not be recorded as the VM's own: a migration back will not replace it. {error.Message}");
            }
        }

        return facts;
    }

    /// <summary>A definition that stays behind must not start a second copy with its host.</summary>
    private async Task CarryAutostartAsync()
    {
        if (plan.Options.KeepSource)
            await plan.Source.CallAsync(plan.Domain.Uuid, native => native.SetAutostart(false), CancellationToken.None).ConfigureAwait(false);
        await plan.Destination.CallAsync(plan.Domain.Uuid, native => native.SetAutostart(true), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The domain as the destination has it. Just arrived, its QEMU may be too busy to answer for its disks.</summary>
    private async Task<LibvirtDomain> ArrivedAsync()
    {
        var until = run.Elapsed + DiskPatience;
        while (true)
        {
            var arrived = await plan.Destination.GetDomainAsync(plan.Domain.Uuid.ToString()).ConfigureAwait(false);
            if (!SameDisks(arrived) || KnowsDisks(arrived) || run.Elapsed > until)
                return arrived;
            await Task.Delay(Pause).ConfigureAwait(false);
        }
    }

    private bool SameDisks(LibvirtDomain arrived) =>
        plan.Domain.Disks.Select(disk => disk.Target).Order().SequenceEqual(arrived.Disks.Select(disk => disk.Target).Order());

    private bool KnowsDisks(LibvirtDomain arrived) => !arrived.Disks.Any(IsSilent);

    /// <summary>A size that the source told and the destination does not; an empty drive has none.</summary>
    private bool IsSilent(DiskSummary disk) =>
        disk is { Capacity: null, Source: not null } && plan.Domain.Disks.Any(before => before.Target == disk.Target && before.Capacity is not null);

    private string Found(DiskSummary disk) => IsSilent(disk) ? $"{disk.Target} (not confirmed by QEMU)" : disk.Target;

    private static VerifiedFact Fact(string what, bool isTrue, string found) => new(what, isTrue, found);
}
