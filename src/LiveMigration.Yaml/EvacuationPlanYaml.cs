using System.Globalization;
using LiveMigration.Evacuation;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.Planning;
using LiveMigration.Errors;
using LiveMigration.Security;
using LiveMigration.Storage;

namespace LiveMigration.Yaml;

/// <summary>YAML text ↔ plan of an evacuation.</summary>
internal static class EvacuationPlanYaml
{
    /// <summary>Reads a plan, or throws all that is wrong with the text.</summary>
    internal static EvacuationPlan Parse(string text, string source)
    {
        var errors = new YamlErrors(source, text, Faults.InvalidPlan);
        var plan = YamlDocument.Read(text, errors, "A plan", "evacuate: [HOST]", Read);
        errors.Throw();
        return plan!;
    }

    /// <summary>The plan as text that <see cref="Parse"/> reads.</summary>
    internal static string Write(EvacuationPlan plan)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new EvacuationPlanWriter(writer).Write(plan);
        return writer.ToString();
    }

    private static EvacuationPlan Read(YamlSection yaml)
    {
        yaml.Require("moves");
        var goal = Enum.GetValues<EvacuationGoal>().FirstOrDefault(goal => yaml.Has(KeyOf(goal)));
        if (yaml.OneOf([.. Enum.GetValues<EvacuationGoal>().Select(KeyOf)]) is null)
            yaml.Require(KeyOf(goal));
        var moves = yaml.Has("moves") ? Moves(yaml.Sections("moves").ToArray()) : [];
        var makespan = yaml.Time("time");
        var plan = new EvacuationPlan
        {
            Sources = yaml.Texts(KeyOf(goal)),
            Goal = goal,
            Emptied = yaml.Texts("empties"),
            ImbalanceBefore = yaml.Fraction("imbalanceBefore"),
            ImbalanceAfter = yaml.Fraction("imbalanceAfter"),
            Moves = moves,
            Unmovable = yaml.Has("stays") ? yaml.Sections("stays").Select(Stays).ToArray() : [],
            Makespan = makespan ?? default,
            LowerBound = yaml.Time("atLeast") ?? default,
            Options = Options(yaml),
            Description = FleetYaml.Read(yaml),
            Policy = yaml.Section("policy") is { } policy ? Policy(policy) : new EvacuationPolicy(),
        };
        yaml.Finish();
        return plan;
    }

    /// <summary>The key under which the hosts stand that VMs leave: what is done to them.</summary>
    internal static string KeyOf(EvacuationGoal goal) => YamlSection.Camel($"{goal}");

    private static EvacuationOptions Options(YamlSection yaml)
    {
        var usual = new EvacuationOptions();
        return new EvacuationOptions
        {
            Destinations = yaml.Texts("destinations"),
            Bandwidth = yaml.Rate("bandwidth") ?? usual.Bandwidth,
            MaxOutgoing = yaml.Number("maxOutgoing") ?? usual.MaxOutgoing,
            MaxIncoming = yaml.Number("maxIncoming") ?? usual.MaxIncoming,
            Headroom = yaml.Number("headroom") ?? usual.Headroom,
        };
    }

    private static EvacuationPolicy Policy(YamlSection yaml)
    {
        var usual = new EvacuationPolicy();
        var policy = new EvacuationPolicy
        {
            OnFailure = yaml.Choice<OnFailure>("onFailure") ?? usual.OnFailure,
            Attempts = yaml.Number("attempts") ?? usual.Attempts,
            MaxFailures = yaml.Number("maxFailures"),
            Canary = yaml.Number("canary") ?? usual.Canary,
            Deadline = yaml.Moment("deadline"),
            OnDeadline = yaml.Choice<OnDeadline>("onDeadline") ?? usual.OnDeadline,
            AutoConverge = yaml.Flag("autoConverge") ?? usual.AutoConverge,
            PostCopy = yaml.Flag("postCopy") ?? usual.PostCopy,
            MaxDowntime = yaml.Time("maxDowntime"),
            Compression = yaml.Choice<MigrationCompression>("compression"),
            CopyStorage = yaml.Choice<CopyStorage>("copyStorage"),
            AssumeShared = yaml.Texts("assumeShared"),
            AllowLosingSnapshots = yaml.Texts("allowLosingSnapshots"),
            PrepareTimeout = yaml.Time("prepareTimeout") ?? usual.PrepareTimeout,
            AllowUnsafe = yaml.Flag("allowUnsafe") ?? usual.AllowUnsafe,
            Tls = yaml.Choice<MigrationTls>("tls") ?? usual.Tls,
            SkipReadiness = yaml.Texts("skipReadiness"),
        };
        yaml.Finish();
        return policy;
    }

    /// <summary>Who waits for whom is known when all are.</summary>
    private static PlannedMove[] Moves(YamlSection[] sections)
    {
        var moves = sections.Select(Move).ToArray();
        for (var at = 0; at < moves.Length; at++)
        {
            moves[at] = moves[at] with { After = sections[at].Texts("after", Find, moves.Select(move => move.Domain.Name)).ToArray() };
            sections[at].Finish();
        }

        return moves;

        FleetDomain? Find(string text) => moves.Select(move => move.Domain).Where(domain => domain.Name == text || $"{domain.Uuid}" == text).Take(2).ToArray() is [var only] ? only : null;
    }

    private static PlannedMove Move(YamlSection yaml)
    {
        yaml.Require("vm", "uuid", "from", "to", "memory");
        var memory = yaml.Size("memory") ?? default;
        return new PlannedMove
        {
            Domain = new FleetDomain
            {
                Name = yaml.Text("vm") ?? "",
                Uuid = yaml.Uuid("uuid") ?? default,
                Host = yaml.Text("from") ?? "",
                Memory = memory,
                Disks = yaml.Size("disks") ?? default,
                Storage = yaml.Texts("storage"),
                DirtyRate = yaml.Rate("dirtyRate")?.BytesPerSecond,
                Priority = yaml.Number("priority") ?? 0,
            },
            Destination = yaml.Text("to") ?? "",
            Alternatives = yaml.Texts("or"),
            Wave = yaml.Number("wave") ?? 1,
            Start = yaml.Time("at") ?? default,
            Time = yaml.Time("time") ?? default,
            Bytes = yaml.Size("bytes") ?? memory,
            Reason = yaml.Text("reason"),
            Gain = yaml.Fraction("gain"),
            Alone = yaml.Flag("alone") ?? false,
            Converges = yaml.Flag("converges") ?? true,
        };
    }

    private static UnmovableDomain Stays(YamlSection yaml)
    {
        yaml.Require("vm", "uuid", "on", "reason");
        var stays = new UnmovableDomain(
            new FleetDomain { Name = yaml.Text("vm") ?? "", Uuid = yaml.Uuid("uuid") ?? default, Host = yaml.Text("on") ?? "", Memory = default },
            yaml.Text("reason") ?? "",
            yaml.Text("remedy") ?? "");
        yaml.Finish();
        return stays;
    }
}
