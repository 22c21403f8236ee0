using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LiveMigration.Module.Tests;

/// <summary>Each documented command that sorts is run over values whose order as text is another one, and has to bring them in order.</summary>
public sealed partial class DocumentedOrderTests : IDisposable
{
    private readonly Shell _shell = new();

    public static TheoryData<string, string> Sorting()
    {
        var found = new TheoryData<string, string>();
        foreach (var page in Directory.GetFiles(Path.Combine(Module.Root, "docs"), "*-*.md"))
        {
            foreach (Match sort in Sort().Matches(File.ReadAllText(page)))
                found.Add(Path.GetFileNameWithoutExtension(page), sort.Value.Trim());
        }

        return found;
    }

    [Fact]
    public void There_are_such_commands() => Assert.True(Sorting().Count >= 3);

    [Theory]
    [MemberData(nameof(Sorting))]
    public void A_documented_command_sorts_in_order(string cmdlet, string sort)
    {
        var property = sort.Split(' ')[1];
        var written = _shell.Run($"(Get-Command {cmdlet}).OutputType.Type").Clean.Select(type => (Type)type.BaseObject);
        var type = Owners(written, property).FirstOrDefault();
        Assert.True(type is not null, $"{cmdlet} writes nothing that has a {property}.");

        var outcome = _shell.Run($"($args | {sort}).{property}", [With(type, property, 9), With(type, property, 200), With(type, property, 10)]);

        var values = outcome.Clean.Select(value => Number(value.BaseObject)).ToArray();
        double[] order = sort.Contains("-Descending", StringComparison.OrdinalIgnoreCase) ? [200, 10, 9] : [9, 10, 200];
        Assert.Equal(order, values);
    }

    public void Dispose() => _shell.Dispose();

    private static object With(Type type, string name, int value)
    {
        var thing = RuntimeHelpers.GetUninitializedObject(type);
        var property = type.GetProperty(name)!;
        property.SetValue(thing, (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
        {
            var kind when kind == typeof(TimeSpan) => TimeSpan.FromSeconds(value),
            var kind => Convert.ChangeType(value, kind, null),
        });
        return thing;
    }

    private static double Number(object value) => value is TimeSpan span ? span.TotalSeconds : Convert.ToDouble(value, null);

    /// <summary>The types that have such a property which can be set, from what is written on downwards.</summary>
    private static IEnumerable<Type> Owners(IEnumerable<Type> types, string property)
    {
        var waiting = new Queue<Type>(types);
        var known = new HashSet<Type>();
        while (waiting.TryDequeue(out var type))
        {
            if (type.Namespace?.StartsWith("LiveMigration", StringComparison.Ordinal) is not true || !known.Add(type))
                continue;
            if (type.GetProperty(property)?.SetMethod is not null)
                yield return type;
            foreach (var member in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                waiting.Enqueue(member.PropertyType.IsGenericType && typeof(IEnumerable).IsAssignableFrom(member.PropertyType) ? member.PropertyType.GetGenericArguments()[^1] : member.PropertyType);
        }
    }

    [GeneratedRegex(@"Sort-Object \w+[^|`\n]*")]
    private static partial Regex Sort();
}
