using System.Globalization;
using LiveMigration.Monitoring.Policies;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LiveMigration.PowerShell.Policy;

/// <summary>YAML text ↔ policy.</summary>
internal static class PolicyYaml
{
    /// <summary>Reads a policy, or throws all that is wrong with the text.</summary>
    internal static MigrationPolicy Parse(string text, string source)
    {
        var errors = new YamlErrors(source, text);
        var policy = Read(text, errors);
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

    private static MigrationPolicy? Read(string text, YamlErrors errors)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new ShallowParser(new Parser(new StringReader(text))));
        }
        catch (YamlException error)
        {
            errors.Add(error.Start, $"This is not YAML: {Cause(error)}");
            return null;
        }

        if (stream.Documents.Count > 1)
            errors.Add(stream.Documents[1].RootNode.Start, "A file holds one policy; nothing was expected after it.");
        var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        if (root is YamlMappingNode mapping)
            return PolicyReader.Read(new YamlSection(mapping, "", errors));
        errors.Add(root?.Start ?? Mark.Empty, "A policy was expected, which begins with 'name: NAME'.");
        return null;
    }

    /// <summary>YamlDotNet wraps what it found, and puts the place before it.</summary>
    private static string Cause(Exception error) => error.InnerException is { } inner ? Cause(inner) : error.Message;
}
