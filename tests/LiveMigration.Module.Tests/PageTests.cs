namespace LiveMigration.Module.Tests;

/// <summary>What a page of docs/ repeats of its cmdlet: syntax, facts about parameters, defaults, accepted values, properties of what comes out.</summary>
public sealed class PageTests : IDisposable
{
    private static readonly string Script = Path.Combine(Module.Root, "docs", "Update-Pages.ps1");

    private readonly Shell _shell = new();

    [Fact]
    public void The_pages_are_as_the_cmdlets_are()
    {
        var differences = _shell.Run($"& '{Script}' -Check").Clean;

        Assert.Empty(differences.Select(difference => difference.ToString()));
    }

    [Theory]
    [InlineData("[<CommonParameters>]", "")]
    [InlineData("DefaultValue: False", "DefaultValue: True")]
    [InlineData("- Name: Migration", "- Name: Name")]
    [InlineData("- Outcome (MigrationOutcome)", "- Result (MigrationOutcome)")]
    public void A_page_that_is_not_is_named(string right, string wrong)
    {
        var folder = Directory.CreateTempSubdirectory("livemigration-");
        try
        {
            var page = File.ReadAllText(Path.Combine(Module.Root, "docs", "Stop-VMLiveMigration.md"));
            Assert.Contains(right, page, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder.FullName, "Stop-VMLiveMigration.md"), page.Replace(right, wrong, StringComparison.Ordinal));

            var difference = Assert.Single(_shell.Run($"& '{Script}' -Path '{folder.FullName}' -Check").Clean);

            Assert.Contains("docs/Stop-VMLiveMigration.md, line", difference.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Dispose() => _shell.Dispose();
}
