using System.Text.RegularExpressions;

namespace LiveMigration.PowerShell.Tests;

public sealed partial class ManifestTests
{
    [Fact]
    public void Exports_the_cmdlets_that_there_are()
    {
        var exported = ExportedCmdlets().Match(Module.Manifest).Groups[1].Captures.Select(name => name.Value);

        Assert.Equal(Module.Cmdlets.Select(cmdlet => cmdlet.Name), exported.Order());
    }

    [Theory]
    [InlineData("FunctionsToExport")]
    [InlineData("VariablesToExport")]
    [InlineData("AliasesToExport")]
    public void Exports_nothing_else(string list) => Assert.Matches($@"{list}\s*=\s*@\(\)", Module.Manifest);

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((?:\s*'([\w-]+)',?)*\s*\)")]
    private static partial Regex ExportedCmdlets();
}
