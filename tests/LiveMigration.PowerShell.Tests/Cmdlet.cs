using System.Reflection;

namespace LiveMigration.PowerShell.Tests;

/// <summary>A cmdlet class, as its attributes describe it.</summary>
internal sealed class Cmdlet(Type type)
{
    private const string Automation = "System.Management.Automation.";

    private readonly CustomAttributeData _cmdlet = Attributes(type, "CmdletAttribute").Single();

    public string Verb => (string)_cmdlet.ConstructorArguments[0].Value!;

    public string Noun => (string)_cmdlet.ConstructorArguments[1].Value!;

    public string Name => $"{Verb}-{Noun}";

    public bool SupportsShouldProcess => Named("SupportsShouldProcess") is true;

    public string? HelpUri => (string?)Named("HelpUri");

    public bool HasOutputType => Attributes(type, "OutputTypeAttribute").Any();

    /// <summary>The types of what it writes.</summary>
    public IEnumerable<Type> OutputTypes =>
        from output in Attributes(type, "OutputTypeAttribute")
        from argument in output.ConstructorArguments
        where argument.Value is IEnumerable<CustomAttributeTypedArgument>
        from written in (IEnumerable<CustomAttributeTypedArgument>)argument.Value!
        where written.Value is Type
        select (Type)written.Value!;

    /// <summary>The parameters of the class and its bases, with their aliases.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters { get; } = type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(property => Attributes(property, "ParameterAttribute").Any())
        .ToDictionary(property => property.Name, property => new Parameter(property.PropertyType.FullName!, Aliases(property)));

    public static bool Is(Type type) => Attributes(type, "CmdletAttribute").Any();

    private object? Named(string name) =>
        _cmdlet.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;

    private static string[] Aliases(PropertyInfo property) =>
    [
        .. Attributes(property, "AliasAttribute")
            .SelectMany(alias => (IEnumerable<CustomAttributeTypedArgument>)alias.ConstructorArguments[0].Value!)
            .Select(alias => (string)alias.Value!),
    ];

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.CustomAttributes.Where(attribute => attribute.AttributeType.FullName == Automation + name);

    internal sealed record Parameter(string Type, string[] Aliases);
}
