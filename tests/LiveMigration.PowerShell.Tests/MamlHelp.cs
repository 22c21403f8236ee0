using System.Xml.Linq;

namespace LiveMigration.PowerShell.Tests;

/// <summary>The help that Get-Help reads, taken apart as <see cref="HelpPage"/> takes a page apart.</summary>
internal static class MamlHelp
{
    private const string Maml = "{http://schemas.microsoft.com/maml/2004/10}";
    private const string Command = "{http://schemas.microsoft.com/maml/dev/command/2004/10}";
    private const string Dev = "{http://schemas.microsoft.com/maml/dev/2004/10}";

    private static readonly XElement Root = XElement.Load(Module.Source("module", "en-US", "LiveMigration.PowerShell.dll-Help.xml"));

    /// <summary>The names of the cmdlets in it.</summary>
    public static IEnumerable<string> Cmdlets => Root.Elements(Command + "command").Select(Name);

    /// <summary>What it says of a cmdlet, by place.</summary>
    public static Dictionary<string, string> Words(string cmdlet)
    {
        var command = Root.Elements(Command + "command").Single(candidate => Name(candidate) == cmdlet);
        Dictionary<string, string> words = new()
        {
            ["SYNOPSIS"] = Text(command.Element(Command + "details")!.Element(Maml + "description")),
            ["DESCRIPTION"] = Text(command.Element(Maml + "description")),
            ["NOTES"] = Text(command.Element(Maml + "alertSet")),
        };
        foreach (var parameter in command.Element(Command + "parameters")!.Elements())
        {
            var name = $"-{parameter.Element(Maml + "name")!.Value}";
            words[name] = Text(parameter.Element(Maml + "description"));
            words[$"{name}, default"] = Text(parameter.Element(Dev + "defaultValue"));
        }
        foreach (var example in command.Element(Command + "examples")!.Elements())
        {
            var title = example.Element(Maml + "title")!.Value;
            words[$"{title}, code"] = Text(example.Element(Dev + "code"));
            words[$"{title}, remarks"] = Text(example.Element(Dev + "remarks"));
        }
        Values("INPUTS", command.Element(Command + "inputTypes"));
        Values("OUTPUTS", command.Element(Command + "returnValues"));
        words["RELATED LINKS"] = string.Join(", ", command.Element(Command + "relatedLinks")!
            .Elements().Select(link => link.Element(Maml + "linkText")!.Value).Where(link => link != "Online Version"));
        return words;

        void Values(string section, XElement? values)
        {
            foreach (var value in values?.Elements() ?? [])
                words[$"{section} {value.Element(Dev + "type")!.Element(Maml + "name")!.Value}"] = Text(value.Element(Maml + "description"));
        }
    }

    private static string Name(XElement command) => command.Element(Command + "details")!.Element(Command + "name")!.Value;

    private static string Text(XElement? element) =>
        HelpPage.Words(string.Join(" ", element?.DescendantNodes().OfType<XText>().Select(text => text.Value) ?? []));
}
