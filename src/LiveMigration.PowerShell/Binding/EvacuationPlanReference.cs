using LiveMigration.Errors;
using LiveMigration.Evacuation;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Policy;
using LiveMigration.Yaml;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A plan as a user gives it: a file, or an object that is one.</summary>
public sealed class EvacuationPlanReference : IReference
{
    private readonly EvacuationPlan? _plan;

    /// <summary>A plan by its file.</summary>
    /// <param name="path">The path of a YAML file.</param>
    public EvacuationPlanReference(string path) => Text = path ?? "";

    /// <summary>A plan by its file.</summary>
    /// <param name="file">A YAML file.</param>
    public EvacuationPlanReference(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Text = file.FullName;
    }

    /// <summary>The plan itself.</summary>
    /// <param name="plan">The plan.</param>
    public EvacuationPlanReference(EvacuationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (Text, _plan) = ($"a plan for {string.Join(", ", plan.Sources)}", plan);
    }

    /// <inheritdoc/>
    public string Text { get; }

    /// <summary>The plan that is meant.</summary>
    /// <param name="toPath">Makes a path of what was typed, and an error of that kind where it is none.</param>
    internal EvacuationPlan Resolve(Func<string, Fault, string> toPath) =>
        _plan ?? YamlFile.Read(toPath(Text, CmdletFaults.PlanNotReadable), "The plan", CmdletFaults.PlanNotReadable, EvacuationPlanYaml.Parse);

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;
}
