using System.Xml.Linq;

namespace LiveMigration.PowerShell.Tests;

public sealed class ViewTests
{
    private static readonly XDocument Formats = XDocument.Load(Module.Source("module", "LiveMigration.Format.ps1xml"));
    private static readonly XDocument Extensions = XDocument.Load(Module.Source("module", "LiveMigration.Types.ps1xml"));

    [Fact]
    public void Views_are_of_types_that_there_are() => Assert.All(Formats.Descendants("TypeName"), name => Find(name.Value));

    [Fact]
    public void Extensions_are_of_types_that_there_are() =>
        Assert.All(Extensions.Root!.Elements("Type"), type => Find(type.Element("Name")!.Value));

    [Fact]
    public void Views_show_properties_that_there_are() => Assert.All(
        Formats.Descendants("View").Where(view => view.Descendants("TypeName").Any()),
        view =>
        {
            var known = view.Descendants("TypeName").SelectMany(type => Members(type.Value)).ToHashSet();
            Assert.All(view.Descendants("PropertyName"), property => Assert.Contains(property.Value, known));
        });

    [Fact]
    public void Property_sets_name_properties_that_there_are() => Assert.All(
        Extensions.Root!.Elements("Type"),
        type =>
        {
            var known = Members(type.Element("Name")!.Value).ToHashSet();
            Assert.All(type.Descendants("ReferencedProperties").Elements("Name"), property => Assert.Contains(property.Value, known));
        });

    private static IEnumerable<string> Members(string type) =>
        Find(type).GetProperties().Select(property => property.Name).Concat(
            Extensions.Root!.Elements("Type").Where(extension => extension.Element("Name")!.Value == type)
                .Elements("Members").Elements("ScriptProperty").Select(member => member.Element("Name")!.Value));

    /// <summary>A name after # is one that a cmdlet adds to an object of that type, for a view of its own.</summary>
    private static Type Find(string name) => Assert.Single(Module.Types, type => type.FullName == name.Split('#')[0]);
}
