using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LiveMigration.Yaml;

/// <summary>Text that holds one thing, as names with values.</summary>
internal static class YamlDocument
{
    /// <summary>Reads it; null, with the errors added, when it is not there.</summary>
    /// <param name="text">The text.</param>
    /// <param name="errors">What is wrong.</param>
    /// <param name="what">What was expected, for example <c>A policy</c>.</param>
    /// <param name="beginning">How that begins.</param>
    /// <param name="read">Makes it of the names and values.</param>
    internal static T? Read<T>(string text, YamlErrors errors, string what, string beginning, Func<YamlSection, T> read)
        where T : class
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new ShallowParser(new Parser(new StringReader(text))));
        }
        catch (YamlException error)
        {
            errors.Add(error.Start, $"Invalid YAML: {Cause(error)}");
            return null;
        }

        if (stream.Documents.Count > 1)
            errors.Add(stream.Documents[1].RootNode.Start, $"A file contains one {what.Split(' ')[^1]}; remove what follows it.");
        var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        if (root is YamlMappingNode mapping)
            return read(new YamlSection(mapping, "", errors));
        errors.Add(root?.Start ?? Mark.Empty, $"Expected {char.ToLowerInvariant(what[0])}{what[1..]} that starts with '{beginning}'.");
        return null;
    }

    /// <summary>YamlDotNet wraps what it found, and puts the place before it.</summary>
    private static string Cause(Exception error) => error.InnerException is { } inner ? Cause(inner) : error.Message;
}
