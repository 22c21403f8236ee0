using System.Globalization;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Planning;
using LiveMigration.Security;
using LiveMigration.Storage;
using LiveMigration.Units;

namespace LiveMigration.Evacuation.Journals;

/// <summary>plan ↔ the steps that a journal begins with.</summary>
internal static class PlanSteps
{
    internal const string Version = "1";

    internal static JournalStep Begin(string id, EvacuationPlan plan) => JournalStep.Now(
        "begin",
        ("version", Version),
        ("id", id),
        ("sources", JournalStep.List(plan.Sources)),
        ("destinations", JournalStep.List(plan.Options.Destinations)),
        ("bandwidth", Text(plan.Options.Bandwidth.BytesPerSecond)),
        ("outgoing", Text(plan.Options.MaxOutgoing)),
        ("incoming", Text(plan.Options.MaxIncoming)),
        ("headroom", Text(plan.Options.Headroom)),
        ("aloneFrom", Text(plan.Options.AloneFrom)),
        ("makeRoom", Flag(plan.Options.MakeRoom)),
        ("overhead", Text(plan.Options.Overhead.Milliseconds)),
        ("return", Flag(plan.IsReturn)),
        ("makespan", Milliseconds(plan.Makespan)),
        ("bound", Milliseconds(plan.LowerBound)),
        ("onFailure", $"{plan.Policy.OnFailure}"),
        ("attempts", Text(plan.Policy.Attempts)),
        ("maxFailures", plan.Policy.MaxFailures is { } failures ? Text(failures) : null),
        ("canary", Text(plan.Policy.Canary)),
        ("deadline", plan.Policy.Deadline is { } deadline ? deadline.ToString("O", CultureInfo.InvariantCulture) : null),
        ("onDeadline", $"{plan.Policy.OnDeadline}"),
        ("autoConverge", Flag(plan.Policy.AutoConverge)),
        ("postCopy", Flag(plan.Policy.PostCopy)),
        ("maxDowntime", plan.Policy.MaxDowntime is { } downtime ? Text(downtime.Milliseconds) : null),
        ("compression", plan.Policy.Compression?.ToString()),
        ("copyStorage", plan.Policy.CopyStorage?.ToString()),
        ("assumeShared", JournalStep.List(plan.Policy.AssumeShared)),
        ("loseSnapshots", JournalStep.List(plan.Policy.AllowLosingSnapshots)),
        ("prepare", Text(plan.Policy.PrepareTimeout.Milliseconds)),
        ("unsafe", Flag(plan.Policy.AllowUnsafe)),
        ("tls", $"{plan.Policy.Tls}"),
        ("skipReadiness", JournalStep.List(plan.Policy.SkipReadiness)));

    internal static JournalStep Move(PlannedMove move, bool autostart) => JournalStep.Now(
        "move",
        ("vm", $"{move.Domain.Uuid}"),
        ("name", move.Domain.Name),
        ("from", move.Source),
        ("to", move.Destination),
        ("or", JournalStep.List(move.Alternatives)),
        ("memory", Text(move.Domain.Memory)),
        ("disks", Text(move.Domain.Disks)),
        ("vcpus", Text(move.Domain.VCpus)),
        ("storage", JournalStep.List(move.Domain.Storage)),
        ("dirty", move.Domain.DirtyRate is { } rate ? Text(rate) : null),
        ("priority", Text(move.Domain.Priority)),
        ("alone", Flag(move.Alone)),
        ("endless", Flag(!move.Converges)),
        ("autostart", Flag(autostart)),
        ("wave", Text(move.Wave)),
        ("start", Milliseconds(move.Start)),
        ("time", Milliseconds(move.Time)),
        ("bytes", Text(move.Bytes)),
        ("after", JournalStep.List(move.After.Select(before => $"{before.Uuid}"))));

    internal static JournalStep Stays(UnmovableDomain stays) => JournalStep.Now(
        "stays",
        ("vm", $"{stays.Domain.Uuid}"), ("name", stays.Domain.Name), ("from", stays.Domain.Host), ("reason", stays.Reason), ("remedy", stays.Remedy));

    internal static EvacuationPlan ReadPlan(JournalStep begin, IReadOnlyList<PlannedMove> moves, IReadOnlyList<UnmovableDomain> unmovable) => new()
    {
        Sources = begin.Items("sources"),
        Moves = moves,
        Unmovable = unmovable,
        IsReturn = begin["return"] is not null,
        Makespan = Milliseconds(begin, "makespan"),
        LowerBound = Milliseconds(begin, "bound"),
        Options = new EvacuationOptions
        {
            Destinations = begin.Items("destinations"),
            Bandwidth = JournalStep.Rate(begin["bandwidth"]!),
            MaxOutgoing = (int)begin.Number("outgoing")!,
            MaxIncoming = (int)begin.Number("incoming")!,
            Headroom = (int)begin.Number("headroom")!,
            AloneFrom = (int)begin.Number("aloneFrom")!,
            MakeRoom = begin["makeRoom"] is not null,
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
            AutoConverge = begin["autoConverge"] is not null,
            PostCopy = begin["postCopy"] is not null,
            MaxDowntime = begin.Number("maxDowntime") is { } downtime ? Duration.FromMilliseconds(downtime) : null,
            Compression = begin["compression"] is { } compression ? Enum.Parse<MigrationCompression>(compression) : null,
            CopyStorage = begin["copyStorage"] is { } copy ? Enum.Parse<CopyStorage>(copy) : null,
            AssumeShared = begin.Items("assumeShared"),
            AllowLosingSnapshots = begin.Items("loseSnapshots"),
            PrepareTimeout = begin.Number("prepare") is { } prepare ? Duration.FromMilliseconds(prepare) : new EvacuationPolicy().PrepareTimeout,
            AllowUnsafe = begin["unsafe"] is not null,
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
            DirtyRate = step["dirty"] is { } rate ? JournalStep.Rate(rate).BytesPerSecond : null,
            Priority = (int)step.Number("priority")!,
        },
        Destination = step["to"]!,
        Alternatives = step.Items("or"),
        Alone = step["alone"] is not null,
        Converges = step["endless"] is null,
        Wave = (int)step.Number("wave")!,
        Start = Milliseconds(step, "start"),
        Time = Milliseconds(step, "time"),
        Bytes = (long)step.Number("bytes")!,
        After = step.Items("after").Select(Guid.Parse).Select(before => known.GetValueOrDefault(before) ?? Later(before)).ToArray(),
    };

    internal static UnmovableDomain ReadStays(JournalStep step) => new(
        new FleetDomain { Uuid = step.Vm, Name = step["name"]!, Host = step["from"]!, Memory = default }, step["reason"]!, step["remedy"]!);

    /// <summary>One that stands later, where a person put the plan in another order: that it is the one is all that counts.</summary>
    private static FleetDomain Later(Guid vm) => new() { Uuid = vm, Name = $"{vm}", Host = "", Memory = default };

    private static TimeSpan Milliseconds(JournalStep step, string field) => TimeSpan.FromMilliseconds((long)step.Number(field)!);

    private static string Milliseconds(Duration time) => Text(time.Milliseconds);

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static string? Flag(bool value) => value ? "yes" : null;
}
