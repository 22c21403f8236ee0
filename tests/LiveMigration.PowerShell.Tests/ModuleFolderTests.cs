using System.Xml.Linq;

namespace LiveMigration.PowerShell.Tests;

public sealed class ModuleFolderTests
{
    [Theory]
    [InlineData("LiveMigration.psd1")]
    [InlineData("LiveMigration.psm1")]
    [InlineData("LiveMigration.dll")]
    [InlineData("LiveMigration.PowerShell.dll")]
    [InlineData("LiveMigration.Format.ps1xml")]
    [InlineData("LiveMigration.Types.ps1xml")]
    [InlineData("LICENSE")]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("en-US/about_LiveMigration.help.txt")]
    [InlineData("en-US/LiveMigration.PowerShell.dll-Help.xml")]
    public void Holds(string file) =>
        Assert.True(File.Exists(Path.Combine(Module.Folder, file)), $"{file} is not in {Module.Folder}");

    [Fact]
    public void Holds_no_assembly_that_PowerShell_brings_itself() => Assert.Empty(Directory.GetFiles(Module.Folder, "System.*.dll"));

    [Fact]
    public void The_core_needs_nothing_but_the_base_class_library()
    {
        var core = Module.Types.First(type => type.Namespace == "LiveMigration.Hosts").Assembly;

        Assert.All(core.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_loader_is_short() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Module.Folder, "LiveMigration.psm1")).Length, 1, 40);

    [Theory]
    [InlineData("LiveMigration.Format.ps1xml", "Configuration")]
    [InlineData("LiveMigration.Types.ps1xml", "Types")]
    public void Views_are_well_formed(string file, string root) =>
        Assert.Equal(root, XDocument.Load(Path.Combine(Module.Folder, file)).Root!.Name.LocalName);
}
