using LiveMigration.Errors;
using LiveMigration.Evacuation.Fleets;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Policy;
using LiveMigration.Yaml;

namespace LiveMigration.PowerShell.Binding;

/// <summary>What is said of a fleet, as a user gives it: a file, or an object that is it.</summary>
public sealed class FleetReference : IReference
{
    private readonly FleetDescription? _description;

    /// <summary>A description by its file.</summary>
    /// <param name="path">The path of a YAML file.</param>
    public FleetReference(string path) => Text = path ?? "";

    /// <summary>A description by its file.</summary>
    /// <param name="file">A YAML file.</param>
    public FleetReference(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Text = file.FullName;
    }

    /// <summary>The description itself.</summary>
    /// <param name="description">The description.</param>
    public FleetReference(FleetDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        (Text, _description) = ("a fleet", description);
    }

    /// <inheritdoc/>
    public string Text { get; }

    /// <summary>The description that is meant.</summary>
    /// <param name="toPath">Makes a path of what was typed, and an error of that kind where it is none.</param>
    internal FleetDescription Resolve(Func<string, Fault, string> toPath) =>
        _description ?? YamlFile.Read(toPath(Text, CmdletFaults.FleetNotReadable), "The fleet description", CmdletFaults.FleetNotReadable, FleetYaml.Parse);

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;
}
