using System.Globalization;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Units;
using YamlDotNet.Core.Events;

namespace LiveMigration.Yaml;

/// <summary>Plan → YAML. The moves stand in the order in which they begin; a person may put them in another one.</summary>
internal sealed class EvacuationPlanWriter(TextWriter writer) : YamlWriter(writer)
{
    internal void Write(EvacuationPlan plan) => Document(() => Root(plan));

    private void Root(EvacuationPlan plan)
    {
        List(EvacuationPlanYaml.KeyOf(plan.Goal), plan.Sources);
        ListIfAny("empties", plan.Emptied);
        Entry("imbalanceBefore", Fraction(plan.ImbalanceBefore));
        Entry("imbalanceAfter", Fraction(plan.ImbalanceAfter));
        List("destinations", plan.Options.Destinations);
        Entry("bandwidth", Text(plan.Options.Bandwidth));
        Entry("maxOutgoing", plan.Options.MaxOutgoing);
        Entry("maxIncoming", plan.Options.MaxIncoming);
        Entry("headroom", plan.Options.Headroom);
        Entry("time", Text(plan.Makespan));
        Entry("atLeast", Text(plan.LowerBound));
        Section("policy", () => Policy(plan.Policy));
        Description(plan.Description);
        Sections("moves", plan.Moves, MappingStyle.Block, move => Move(move, plan));
        if (plan.Unmovable.Count > 0)
            Sections("stays", plan.Unmovable, MappingStyle.Block, Stays);
    }

    private void Policy(EvacuationPolicy policy)
    {
        Entry("onFailure", Text(policy.OnFailure));
        Entry("attempts", policy.Attempts);
        Entry("maxFailures", policy.MaxFailures);
        Entry("canary", policy.Canary);
        Entry("deadline", policy.Deadline?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        Entry("onDeadline", Text(policy.OnDeadline));
        Entry("autoConverge", policy.AutoConverge ? "true" : null);
        Entry("postCopy", policy.PostCopy ? "true" : null);
        Entry("maxDowntime", policy.MaxDowntime is { } downtime ? Text(downtime) : null);
        Entry("compression", policy.Compression is { } compression ? Text(compression) : null);
        Entry("copyStorage", policy.CopyStorage is { } copy ? Text(copy) : null);
        ListIfAny("assumeShared", policy.AssumeShared);
        ListIfAny("allowLosingSnapshots", policy.AllowLosingSnapshots);
        Entry("prepareTimeout", policy.PrepareTimeout == new EvacuationPolicy().PrepareTimeout ? null : Text(policy.PrepareTimeout));
        Entry("allowUnsafe", policy.AllowUnsafe ? "true" : null);
        Entry("tls", Text(policy.Tls));
        ListIfAny("skipReadiness", policy.SkipReadiness);
    }

    private void Description(FleetDescription description)
    {
        if (description.Links.Count > 0)
            Sections("links", description.Links, MappingStyle.Flow, Link);
        if (description.Hosts.Count > 0)
            Sections("hosts", description.Hosts, MappingStyle.Flow, Limits);
        if (description.Domains.Count > 0)
            Sections("vms", description.Domains, MappingStyle.Flow, Wishes);
    }

    private void Link(FleetLink link)
    {
        Entry("link", link.Name);
        Entry("bandwidth", Text(link.Bandwidth));
        Entry("maxMigrations", link.MaxMigrations);
    }

    private void Limits(HostLimits limits)
    {
        Entry("host", limits.Name);
        Entry("reserved", limits.ReservedMemory.Bytes > 0 ? Text(limits.ReservedMemory) : null);
        Entry("vcpus", limits.VCpus);
        ListIfAny("links", limits.Links);
        Entry("storage", limits.Storage);
        Entry("maxOutgoing", limits.MaxOutgoing);
        Entry("maxIncoming", limits.MaxIncoming);
    }

    private void Wishes(DomainWishes wishes)
    {
        Entry("vm", wishes.Name);
        Entry("priority", wishes.Priority);
        Entry("stays", wishes.Pinned);
        Entry("together", wishes.AffinityGroup);
        Entry("apart", wishes.AntiAffinityGroup);
        ListIfAny("storage", wishes.Storage);
    }

    private void ListIfAny(string key, IReadOnlyCollection<string> items)
    {
        if (items.Count > 0)
            List(key, items);
    }

    private void Move(PlannedMove move, EvacuationPlan plan)
    {
        Entry("vm", move.Domain.Name);
        Entry("uuid", $"{move.Domain.Uuid}");
        Entry("from", move.Source);
        Entry("to", move.Destination);
        List("or", move.Alternatives);
        Entry("memory", Text(new ByteSize(move.Domain.Memory)));
        Entry("disks", move.Domain.Disks > 0 ? Text(new ByteSize(move.Domain.Disks)) : null);
        ListIfAny("storage", move.Domain.Storage);
        Entry("priority", move.Domain.Priority is 0 ? null : move.Domain.Priority);
        Entry("dirtyRate", move.Domain.DirtyRate is > 0 and var rate ? Text(Bandwidth.FromBytes(rate)) : null);
        if (move.After.Count > 0)
            List("after", move.After.Select(before => plan.Moves.Count(other => other.Domain.Name == before.Name) == 1 ? before.Name : $"{before.Uuid}"));
        Entry("wave", move.Wave);
        Entry("at", Text(move.Start));
        Entry("time", Text(move.Time));
        Entry("bytes", Text(new ByteSize(move.Bytes)));
        Entry("reason", move.Reason);
        Entry("gain", Fraction(move.Gain));
        Entry("alone", move.Alone ? "true" : null);
        Entry("converges", move.Converges ? null : "false");
    }

    private static string? Fraction(double? number) => number?.ToString("0.######", CultureInfo.InvariantCulture);

    private void Stays(UnmovableDomain stays)
    {
        Entry("vm", stays.Domain.Name);
        Entry("uuid", $"{stays.Domain.Uuid}");
        Entry("on", stays.Domain.Host);
        Entry("reason", stays.Reason);
        Entry("remedy", stays.Remedy);
    }
}
