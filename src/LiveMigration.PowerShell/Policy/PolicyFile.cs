using LiveMigration.Monitoring.Policies;
using LiveMigration.Yaml;

namespace LiveMigration.PowerShell.Policy;

/// <summary>A policy in a file: YAML, or Nova's own configuration.</summary>
internal static class PolicyFile
{
    /// <summary>Reads a policy.</summary>
    /// <param name="path">A <c>.conf</c> file is read as nova.conf, any other as YAML.</param>
    /// <exception cref="PolicyFormatException">It is in there wrongly; the message tells file, line and column.</exception>
    internal static MigrationPolicy Read(string path)
    {
        var text = File.ReadAllText(path);
        return Path.GetExtension(path).Equals(".conf", StringComparison.OrdinalIgnoreCase)
            ? NovaConfiguration.Parse(text, path).ToPolicy(Path.GetFileNameWithoutExtension(path))
            : PolicyYaml.Parse(text, path);
    }

    /// <summary>Writes a policy as YAML.</summary>
    internal static void Write(string path, MigrationPolicy policy) => File.WriteAllText(path, PolicyYaml.Write(policy));
}
