using System.Globalization;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using LiveMigration.Domains;
using LiveMigration.Errors;
using LiveMigration.Planning;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Gathering;
using LiveMigration.Readiness.Grammar;
using static LiveMigration.Tests.Readiness.GivenReadiness;

namespace LiveMigration.Tests.Readiness.Grammar;

/// <summary>R4: what holds for every definition. LM_DEFINITIONS=1000000 tries so many, and others each time.</summary>
public sealed class DomainPropertyTests
{
    private const string Pool = "/var/lib/libvirt/shared/";

    private static readonly string? Asked = Environment.GetEnvironmentVariable("LM_DEFINITIONS");

    private static readonly int Count = int.Parse(Asked ?? "10000", CultureInfo.InvariantCulture);

    /// <summary>The same each time, unless it is asked for: a test of something else does not fail by chance.</summary>
    private static readonly Config Tries = Asked is null
        ? Config.QuickThrowOnFailure.WithMaxTest(Count).WithReplay(20261128, 4711)
        : Config.QuickThrowOnFailure.WithMaxTest(Count);

    /// <summary>The checks that look up a thing by its name.</summary>
    private static readonly string[] ByName = ["LM059", "LM060", "LM075", "LM077", "LM080", "LM081", "LM099", "LM100"];

    [Fact]
    public void R4_a_VM_with_something_that_was_not_found_or_not_looked_at_is_never_just_ready()
    {
        var tried = 0;
        Prop.ForAll(Arb.From(DomainGenerator.Of(Ready.Xml)), generated =>
        {
            tried++;
            var definition = generated.Xml;
            var facts = Facts(definition);
            var findings = ReadinessJudgement.Judge(facts, ReadinessSelection.All, ReadinessPolicy.Default, new DateOnly(2026, 11, 28));
            var report = new ReadinessReport { Domain = facts.State, DestinationHost = facts.Destination.Host, Findings = findings, When = default, Took = default };
            var said = GrammarTable.Look(definition).Where(part => NotFound(part.Part, part.Row))
                .Select(part => (Part: $"{part.Path}: {GrammarPath.ValueOf(part.Part)}", Finding: findings.FirstOrDefault(finding => Says(finding, part.Path, part.Row)))).ToArray();
            // What a host does not tell is said, and holds nothing up; the verdict is not taken for a proof.
            var holds = said.All(one => one.Finding is not null) && (said.Length == 0 || report.Verdict is not ReadinessVerdict.Ready)
                && (report.Verdict is not ReadinessVerdict.Ready || findings.All(one => one is not { Status: CheckStatus.Unknown, Severity: CheckSeverity.Blocker }))
                && report.IsKnown == findings.All(one => one.Status is not CheckStatus.Unknown);
            return holds.Label($"{report} and not a word about {string.Join(", ", said.Where(one => one.Finding is null).Select(one => one.Part))}");
        }).Check(Tries);
        Assert.Equal(Count, tried);
    }

    [Fact]
    public void R4_planning_fails_with_errors_of_ours_only() =>
        Prop.ForAll(Arb.From(DomainGenerator.Of(Ready.Xml)), generated =>
        {
            var definition = generated.Xml;
            try
            {
                var domain = Ready.State;
                var facts = Given.Facts(domain) with { Definitions = new(definition.ToString(), definition.ToString()), Disks = Disks(domain, definition, "dir") };
                _ = MigrationPlanner.Plan(Ready.Destination.Host, facts, MigrationOptions.Default);
                _ = DomainXmlRewrite.Apply(facts.Definitions.Running, new() { NetworkMap = new Dictionary<string, string> { ["virtual"] = "lan" }, GraphicsListen = "::", DiskMap = new Dictionary<string, string> { ["vda"] = "/dev/vdz" } });
            }
            catch (LiveMigrationException)
            {
                // Refused, and why is told.
            }
        }).Check(Tries);

    private static bool Says(ReadinessFinding finding, string path, GrammarRow? row) => finding.Status is not (CheckStatus.Pass or CheckStatus.Skipped)
        && (row is { Verdict: GrammarVerdict.LookedUp } ? row.Checks.Append("LM059").Contains(finding.Id) : finding.Id is "LM098" && path.StartsWith(finding.Subject!, StringComparison.Ordinal));

    private static bool NotFound(XObject part, GrammarRow? row) => row switch
    {
        null or { Verdict: GrammarVerdict.NotLookedAt } => true,
        { Verdict: GrammarVerdict.LookedUp } => row.Checks.Intersect(ByName).Any() && GrammarPath.ValueOf(part) is var value && row.Checks[0] switch
        {
            "LM099" => value.StartsWith('/') && !IsThere(value),
            "LM100" => value.StartsWith('/') && !IsThere(Path.GetDirectoryName(value) ?? ""),
            _ => !IsThere(value),
        },
        _ => false,
    };

    /// <summary>What the destination says of such a definition: it has all but what is missing.</summary>
    private static ReadinessFacts Facts(XElement definition)
    {
        var named = NamedPaths.Files(definition).Concat(NamedPaths.Folders(definition)).Distinct();
        var paths = definition.Elements("devices").Elements("disk").SelectMany(DiskPath.Layers).Distinct().Where(path => path.StartsWith(Pool, StringComparison.Ordinal));
        var machine = definition.Elements("devices").Elements("emulator").Concat(definition.Elements("os").Elements("type"))
            .Any(one => one.ToString().Contains(DomainGenerator.Missing, StringComparison.Ordinal));
        var facts = Ready;
        return facts with
        {
            Domain = facts.Domain with { Xml = Had(definition), LiveXml = Had(definition) },
            Fit = facts.Fit with
            {
                TargetXml = Had(definition),
                Machine = machine ? Had(new MachineAnswer(null, "no such machine")) : facts.Fit.Machine,
                Files = Had<IReadOnlyDictionary<string, bool>>(named.ToDictionary(path => path, IsThere)),
                Paths = Had<IReadOnlyDictionary<string, bool>>(paths.ToDictionary(path => path, IsThere)),
                Disks = Had(Disks(facts.State, definition, "netfs", "nfs1:/export")),
            },
        };
    }

    private static bool IsThere(string path) => !path.Contains(DomainGenerator.Missing, StringComparison.Ordinal);
}
