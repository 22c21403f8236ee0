using System.Globalization;
using LiveMigration.Monitoring.Policies;

namespace LiveMigration.Yaml;

/// <summary>YAML text ↔ policy.</summary>
internal static class PolicyYaml
{
    /// <summary>Reads a policy, or throws all that is wrong with the text.</summary>
    internal static MigrationPolicy Parse(string text, string source)
    {
        var errors = new YamlErrors(source, text);
        var policy = YamlDocument.Read(text, errors, "A policy", "name: NAME", PolicyReader.Read);
        if (policy is not null && errors.IsEmpty)
        {
            foreach (var problem in policy.Problems())
                errors.Add(problem);
        }

        errors.Throw();
        return policy!;
    }

    /// <summary>The policy as text that <see cref="Parse"/> reads.</summary>
    internal static string Write(MigrationPolicy policy)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new PolicyWriter(writer).Write(policy);
        return writer.ToString();
    }
}
