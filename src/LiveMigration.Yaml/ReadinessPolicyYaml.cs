using LiveMigration.Errors;
using LiveMigration.Readiness;

namespace LiveMigration.Yaml;

/// <summary>YAML text → readiness policy.</summary>
internal static class ReadinessPolicyYaml
{
    /// <summary>Reads a policy, or throws all that is wrong with the text.</summary>
    internal static ReadinessPolicy Parse(string text, string source)
    {
        var errors = new YamlErrors(source, text, Faults.InvalidReadinessPolicy);
        var policy = YamlDocument.Read(text, errors, "A policy", "severities:, thresholds:, placement: or waivers:", Read);
        errors.Throw();
        return policy!;
    }

    private static ReadinessPolicy Read(YamlSection yaml)
    {
        var policy = new ReadinessPolicy
        {
            Severities = yaml.Section("severities") is { } severities ? Severities(severities) : new Dictionary<string, CheckSeverity>(),
            Thresholds = yaml.Section("thresholds") is { } thresholds ? Thresholds(thresholds) : ReadinessThresholds.Default,
            Placement = yaml.Section("placement") is { } placement ? Placement(placement) : ReadinessPlacement.None,
            Waivers = yaml.Has("waivers") ? [.. yaml.Sections("waivers").Select(Waiver)] : [],
        };
        yaml.Finish();
        return policy;
    }

    private static Dictionary<string, CheckSeverity> Severities(YamlSection yaml)
    {
        var result = new Dictionary<string, CheckSeverity>();
        foreach (var (id, name) in ReadinessSelection.Ids.Zip(ReadinessSelection.Names))
        {
            var (byId, byName) = (yaml.Choice<CheckSeverity>(id), yaml.Choice<CheckSeverity>(name));
            if ((byId ?? byName) is { } severity)
                result.Add(id, severity);
        }

        yaml.Finish();
        return result;
    }

    private static ReadinessThresholds Thresholds(YamlSection yaml)
    {
        var otherwise = ReadinessThresholds.Default;
        var thresholds = new ReadinessThresholds
        {
            MemoryReserve = yaml.Size("memoryReserve") ?? otherwise.MemoryReserve,
            CpuOvercommit = yaml.Fraction("cpuOvercommit") ?? otherwise.CpuOvercommit,
            CpuBusy = yaml.Number("cpuBusy") ?? otherwise.CpuBusy,
            LinkSpeed = yaml.Number("linkSpeed") ?? otherwise.LinkSpeed,
            ConcurrentMigrations = yaml.Number("concurrentMigrations") ?? otherwise.ConcurrentMigrations,
        };
        yaml.Finish();
        return thresholds;
    }

    private static ReadinessPlacement Placement(YamlSection yaml)
    {
        var placement = new ReadinessPlacement { Apart = yaml.Texts("apart"), Together = yaml.Texts("together") };
        yaml.Finish();
        return placement;
    }

    private static ReadinessWaiver Waiver(YamlSection yaml)
    {
        yaml.Require("check", "reason", "until");
        var waiver = new ReadinessWaiver(
            yaml.Text("check", [.. ReadinessSelection.Ids, .. ReadinessSelection.Names], $"one of {ReadinessSelection.Ids[0]} to {ReadinessSelection.Ids[^1]}, or the name of a check,") ?? "",
            yaml.Text("reason") ?? "",
            yaml.Day("until") ?? default,
            yaml.Text("name") ?? "*",
            yaml.Text("destination") ?? "*");
        yaml.Finish();
        return waiver;
    }
}
