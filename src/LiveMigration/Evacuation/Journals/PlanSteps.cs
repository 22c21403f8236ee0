using System.Globalization;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.State;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Journals;

/// <summary>Plan ↔ the steps that a journal begins with.</summary>
internal static class PlanSteps
{
    internal static JournalStep Begin(string id, EvacuationPlan plan) => JournalStep.Of(
        "begin",
        ("id", id),
        ("sources", FieldValue.List(plan.Sources)),
        ("destinations", FieldValue.List(plan.Options.Destinations)),
        ("bandwidth", plan.Options.Bandwidth.BytesPerSecond),
        ("outgoing", plan.Options.MaxOutgoing),
        ("incoming", plan.Options.MaxIncoming),
        ("headroom", plan.Options.Headroom),
        ("aloneFrom", plan.Options.AloneFrom),
        ("makeRoom", plan.Options.MakeRoom),
        ("overhead", plan.Options.Overhead.Milliseconds),
        ("return", plan.IsReturn),
        ("goal", plan.Goal is EvacuationGoal.Evacuate ? null : $"{plan.Goal}"),
        ("emptied", FieldValue.List(plan.Emptied)),
        ("imbalanceBefore", Text(plan.ImbalanceBefore)),
        ("imbalanceAfter", Text(plan.ImbalanceAfter)),
        ("makespan", Milliseconds(plan.Makespan)),
        ("bound", Milliseconds(plan.LowerBound)),
        ("onFailure", $"{plan.Policy.OnFailure}"),
        ("attempts", plan.Policy.Attempts),
        ("maxFailures", plan.Policy.MaxFailures),
        ("canary", plan.Policy.Canary),
        ("deadline", plan.Policy.Deadline is { } deadline ? deadline.ToString("O", CultureInfo.InvariantCulture) : null),
        ("onDeadline", $"{plan.Policy.OnDeadline}"),
        ("autoConverge", plan.Policy.AutoConverge),
        ("postCopy", plan.Policy.PostCopy),
        ("maxDowntime", plan.Policy.MaxDowntime?.Milliseconds),
        ("compression", plan.Policy.Compression?.ToString()),
        ("copyStorage", plan.Policy.CopyStorage?.ToString()),
        ("assumeShared", FieldValue.List(plan.Policy.AssumeShared)),
        ("loseSnapshots", FieldValue.List(plan.Policy.AllowLosingSnapshots)),
        ("prepare", plan.Policy.PrepareTimeout.Milliseconds),
        ("unsafe", plan.Policy.AllowUnsafe),
        ("tls", $"{plan.Policy.Tls}"),
        ("skipReadiness", FieldValue.List(plan.Policy.SkipReadiness)));

    internal static JournalStep Move(PlannedMove move, bool autostart) => JournalStep.Of(
        "move",
        ("vm", $"{move.Domain.Uuid}"),
        ("name", move.Domain.Name),
        ("from", move.Source),
        ("to", move.Destination),
        ("or", FieldValue.List(move.Alternatives)),
        ("memory", move.Domain.Memory),
        ("disks", move.Domain.Disks),
        ("vcpus", move.Domain.VCpus),
        ("storage", FieldValue.List(move.Domain.Storage)),
        ("dirty", move.Domain.DirtyRate),
        ("priority", move.Domain.Priority),
        ("alone", move.Alone),
        ("endless", !move.Converges),
        ("autostart", autostart),
        ("wave", move.Wave),
        ("start", Milliseconds(move.Start)),
        ("time", Milliseconds(move.Time)),
        ("bytes", move.Bytes),
        ("reason", move.Reason),
        ("gain", Text(move.Gain)),
        ("after", FieldValue.List(move.After.Select(before => $"{before.Uuid}"))));

    internal static JournalStep Stays(UnmovableDomain stays) => JournalStep.Of(
        "stays",
        ("vm", $"{stays.Domain.Uuid}"), ("name", stays.Domain.Name), ("from", stays.Domain.Host), ("reason", stays.Reason), ("remedy", stays.Remedy));

    internal static EvacuationPlan ReadPlan(JournalStep begin, IReadOnlyList<PlannedMove> moves, IReadOnlyList<UnmovableDomain> unmovable) => new()
    {
        Sources = begin.Items("sources"),
        Moves = moves,
        Unmovable = unmovable,
        IsReturn = begin.Flag("return"),
        Goal = begin["goal"] is { } goal ? Enum.Parse<EvacuationGoal>(goal) : EvacuationGoal.Evacuate,
        Emptied = begin.Items("emptied"),
        ImbalanceBefore = Fraction(begin["imbalanceBefore"]),
        ImbalanceAfter = Fraction(begin["imbalanceAfter"]),
        Makespan = Milliseconds(begin, "makespan"),
        LowerBound = Milliseconds(begin, "bound"),
        Options = new EvacuationOptions
        {
            Destinations = begin.Items("destinations"),
            Bandwidth = Bandwidth.FromBytes((long)begin.Number("bandwidth")!),
            MaxOutgoing = (int)begin.Number("outgoing")!,
            MaxIncoming = (int)begin.Number("incoming")!,
            Headroom = (int)begin.Number("headroom")!,
            AloneFrom = (int)begin.Number("aloneFrom")!,
            MakeRoom = begin.Flag("makeRoom"),
            Overhead = Milliseconds(begin, "overhead"),
        },
        Policy = new EvacuationPolicy
        {
            OnFailure = Enum.Parse<OnFailure>(begin["onFailure"]!),
            Attempts = (int)begin.Number("attempts")!,
            MaxFailures = (int?)begin.Number("maxFailures"),
            Canary = (int)begin.Number("canary")!,
            Deadline = begin["deadline"] is { } deadline ? DateTimeOffset.ParseExact(deadline, "O", CultureInfo.InvariantCulture) : null,
            OnDeadline = Enum.Parse<OnDeadline>(begin["onDeadline"]!),
            AutoConverge = begin.Flag("autoConverge"),
            PostCopy = begin.Flag("postCopy"),
            MaxDowntime = begin.Number("maxDowntime") is { } downtime ? Duration.FromMilliseconds(downtime) : null,
            Compression = begin["compression"] is { } compression ? Enum.Parse<MigrationCompression>(compression) : null,
            CopyStorage = begin["copyStorage"] is { } copy ? Enum.Parse<CopyStorage>(copy) : null,
            AssumeShared = begin.Items("assumeShared"),
            AllowLosingSnapshots = begin.Items("loseSnapshots"),
            PrepareTimeout = begin.Number("prepare") is { } prepare ? Duration.FromMilliseconds(prepare) : new EvacuationPolicy().PrepareTimeout,
            AllowUnsafe = begin.Flag("unsafe"),
            SkipReadiness = begin.Items("skipReadiness"),
            Tls = begin["tls"] is { } tls ? Enum.Parse<MigrationTls>(tls) : MigrationTls.Preferred,
        },
    };

    internal static PlannedMove ReadMove(JournalStep step, IReadOnlyDictionary<Guid, FleetDomain> known) => new()
    {
        Domain = new FleetDomain
        {
            Uuid = step.Vm,
            Name = step["name"]!,
            Host = step["from"]!,
            Memory = (long)step.Number("memory")!,
            Disks = (long)step.Number("disks")!,
            VCpus = (int)step.Number("vcpus")!,
            Storage = step.Items("storage"),
            DirtyRate = step.Number("dirty"),
            Priority = (int)step.Number("priority")!,
        },
        Destination = step["to"]!,
        Alternatives = step.Items("or"),
        Alone = step.Flag("alone"),
        Converges = !step.Flag("endless"),
        Wave = (int)step.Number("wave")!,
        Start = Milliseconds(step, "start"),
        Time = Milliseconds(step, "time"),
        Bytes = (long)step.Number("bytes")!,
        Reason = step["reason"],
        Gain = Fraction(step["gain"]),
        After = step.Items("after").Select(Guid.Parse).Select(before => known.GetValueOrDefault(before) ?? Later(before)).ToArray(),
    };

    internal static UnmovableDomain ReadStays(JournalStep step) => new(
        new FleetDomain { Uuid = step.Vm, Name = step["name"]!, Host = step["from"]!, Memory = default }, step["reason"]!, step["remedy"]!);

    /// <summary>One that stands later, where a person put the plan in another order: that it is the one is all that counts.</summary>
    private static FleetDomain Later(Guid vm) => new() { Uuid = vm, Name = $"{vm}", Host = "", Memory = default };

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static double? Fraction(string? text) => text is null ? null : double.Parse(text, CultureInfo.InvariantCulture);

    private static long Milliseconds(Duration time) => time.Milliseconds;

    private static TimeSpan Milliseconds(JournalStep step, string field) => TimeSpan.FromMilliseconds((long)step.Number(field)!);
}
