using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace LiveMigration.PowerShell.Tests;

public sealed class ModuleFolderTests
{
    [Theory]
    [InlineData("LiveMigration.psd1")]
    [InlineData("LiveMigration.psm1")]
    [InlineData("LiveMigration.dll")]
    [InlineData("LiveMigration.PowerShell.dll")]
    [InlineData("dependencies/LiveMigration.Yaml.dll")]
    [InlineData("dependencies/YamlDotNet.dll")]
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
    public void Holds_no_assembly_that_PowerShell_brings_itself() =>
        Assert.Empty(Directory.GetFiles(Module.Folder, "System.*.dll", SearchOption.AllDirectories));

    /// <summary>Beside the cmdlets PowerShell would load it into the default context, where another module may have an older one.</summary>
    [Fact]
    public void Holds_no_library_beside_its_own_assemblies() => Assert.Equal(
        ["LiveMigration.PowerShell.dll", "LiveMigration.dll"],
        Directory.GetFiles(Module.Folder, "*.dll").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void The_core_needs_nothing_but_the_base_class_library()
    {
        var core = Module.Types.First(type => type.Namespace == "LiveMigration.Hosts").Assembly;

        // Win32Exception, which says why a program could not be started, is in the one of another name.
        Assert.All(core.GetReferencedAssemblies(), reference => Assert.Matches(@"^(System\.|Microsoft\.Win32\.Primitives$)", reference.Name));
    }

    /// <summary>Stack traces name source files as the repository does, wherever it was built.</summary>
    [Theory]
    [InlineData("LiveMigration.dll")]
    [InlineData("LiveMigration.PowerShell.dll")]
    [InlineData("dependencies/LiveMigration.Yaml.dll")]
    public void No_assembly_tells_where_it_was_built(string file)
    {
        var image = File.ReadAllBytes(Path.Combine(Module.Folder, file));
        using var assembly = new PEReader(new MemoryStream(image));
        var embedded = assembly.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var symbols = provider.GetMetadataReader();
        var sources = symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name)).ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.StartsWith("/_/", source, StringComparison.Ordinal));
        Assert.Equal(-1, image.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Module.Root)));
        Assert.Equal(-1, image.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Module.Root)));
    }

    [Fact]
    public void The_script_of_an_import_is_short() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Module.Folder, "LiveMigration.psm1")).Length, 1, 5);

    [Theory]
    [InlineData("LiveMigration.Format.ps1xml", "Configuration")]
    [InlineData("LiveMigration.Types.ps1xml", "Types")]
    public void Views_are_well_formed(string file, string root) =>
        Assert.Equal(root, XDocument.Load(Path.Combine(Module.Folder, file)).Root!.Name.LocalName);
}
