using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace LiveMigration.Module.Tests;

/// <summary>The table of lab suites: a name in it that means no test would leave that test out unnoticed.</summary>
public sealed class SuitesTests
{
    private static readonly string Tests = Path.Combine(Module.Root, "tests");

    public static TheoryData<string> Classes => [.. Named("Classes")];

    public static TheoryData<string> Files => [.. Named("Files")];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_class_and_test_that_is_named_is_there(string name)
    {
        var (type, test) = name.Split('.') is [var first, var second] ? (first, second) : (name, null);
        // A class may have several files.
        var source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Tests, "LiveMigration.Tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
            .Where(text => Regex.IsMatch(text, $@"\bclass {type}\b")));

        Assert.Contains("\"Category\", \"Lab\"", source, StringComparison.Ordinal);
        if (test is not null)
            Assert.Matches($@"\bTask {test}", source);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_that_is_named_is_there(string name) => Assert.True(File.Exists(Path.Combine(Tests, "module", $"{name}.Tests.ps1")));

    private static IEnumerable<string> Named(string key)
    {
        var table = Parser.ParseFile(Path.Combine(Tests, "Suites.psd1"), out _, out var errors);
        Assert.Empty(errors);
        return table.FindAll(ast => ast is HashtableAst, searchNestedScriptBlocks: true).Cast<HashtableAst>()
            .SelectMany(entry => entry.KeyValuePairs)
            .Where(pair => pair.Item1 is StringConstantExpressionAst { Value: var name } && name == key)
            .SelectMany(pair => pair.Item2.FindAll(ast => ast is StringConstantExpressionAst, searchNestedScriptBlocks: true))
            .Select(ast => ((StringConstantExpressionAst)ast).Value);
    }
}
