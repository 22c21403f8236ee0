using LiveMigration.Errors;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Policy;
using LiveMigration.Readiness;
using LiveMigration.Yaml;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A readiness policy as a user names it: a YAML file, or an object that is one.</summary>
public sealed class ReadinessPolicyReference : IReference
{
    private readonly ReadinessPolicy? _policy;

    /// <summary>A policy in a file.</summary>
    /// <param name="path">The file's path.</param>
    public ReadinessPolicyReference(string path) => Text = path?.Trim() ?? "";

    /// <summary>A policy in a file.</summary>
    /// <param name="file">The file.</param>
    public ReadinessPolicyReference(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Text = file.FullName;
    }

    /// <summary>The policy itself.</summary>
    /// <param name="policy">The policy.</param>
    public ReadinessPolicyReference(ReadinessPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (Text, _policy) = ("policy", policy);
    }

    /// <inheritdoc/>
    public string Text { get; }

    /// <summary>The policy that is meant.</summary>
    /// <param name="toPath">Makes a path of what was typed, and an error of that kind where it is none.</param>
    internal ReadinessPolicy Resolve(Func<string, Fault, string> toPath)
    {
        if (_policy is not null)
            return _policy;
        var path = toPath(Text, CmdletFaults.ReadinessPolicyNotFound);
        if (!File.Exists(path))
            throw new LiveMigrationException(CmdletFaults.ReadinessPolicyNotFound, $"The file {path} does not exist.");
        return YamlFile.Read(path, "The policy", CmdletFaults.PolicyNotReadable, ReadinessPolicyYaml.Parse);
    }

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;
}
