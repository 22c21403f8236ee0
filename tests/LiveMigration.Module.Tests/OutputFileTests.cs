namespace LiveMigration.Module.Tests;

/// <summary>Files that cmdlets write: plans and reports.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly Shell _shell = new();
    private readonly Folder _folder = new();

    public OutputFileTests() => _ = _shell.Run(TestHosts.Connect).Clean;

    [Fact]
    public void A_plan_for_a_folder_that_is_not_there_is_an_error_of_the_file()
    {
        var error = Assert.Single(_shell.Run($"New-EvacuationPlan a b -OutFile '{_folder["none/plan.yaml"]}'").Errors);

        Assert.StartsWith("PlanNotWritable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"there is no folder '{_folder["none"]}'", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_in_the_place_of_a_folder_is_an_error_of_the_file() =>
        Assert.StartsWith("PlanNotWritable,", Assert.Single(_shell.Run($"New-EvacuationPlan a b -OutFile '{_folder.Path}'").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void A_new_plan_is_written_without_a_question()
    {
        _ = _shell.Run($"New-EvacuationPlan a b -OutFile '{_folder["plan.yaml"]}'").Clean;

        Assert.Contains("evacuate: [a]", File.ReadAllText(_folder["plan.yaml"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-NoClobber")]
    public void A_plan_that_is_there_is_not_replaced_where_nobody_agrees(string option)
    {
        var file = _folder.Write("plan.yaml", "mine");

        var error = Assert.Single(_shell.Run($"New-EvacuationPlan a b -OutFile '{file}' {option}").Errors);

        Assert.StartsWith("PlanExists,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void Force_replaces_a_plan()
    {
        var file = _folder.Write("plan.yaml", "mine");

        _ = _shell.Run($"New-EvacuationPlan a b -OutFile '{file}' -Force").Clean;

        Assert.NotEqual("mine", File.ReadAllText(file));
    }

    [Fact]
    public void What_if_writes_no_file_and_still_makes_the_plan()
    {
        var plan = Assert.Single(_shell.Run($"New-EvacuationPlan a b -OutFile '{_folder["plan.yaml"]}' -WhatIf").Clean);

        Assert.Equal("LiveMigration.Evacuation.EvacuationPlan", plan.BaseObject.GetType().FullName);
        Assert.False(File.Exists(_folder["plan.yaml"]));
    }

    [Theory]
    [InlineData("Env:/r.html", "provider Environment")]
    [InlineData("r.xlsx", "'.xlsx'")]
    [InlineData("r", "does not show the format")]
    public void A_report_is_refused_a_place_or_an_ending_that_is_none_of_its_own(string path, string said)
    {
        var error = Assert.Single(_shell.Run($"Set-Location '{_folder.Path}'; Test-MigrationReadiness web1 b | Export-MigrationReport '{path}'").Errors);

        Assert.StartsWith("InvalidArgument,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(said, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_reports_file_is_what_get_item_writes()
    {
        var file = Assert.Single(_shell.Run($"Test-MigrationReadiness web1 b | Export-MigrationReport '{_folder["r.html"]}'").Clean);

        Assert.IsType<FileInfo>(file.BaseObject);
        Assert.NotNull(file.Properties["PSPath"]?.Value);
        Assert.Matches(@"(?m)^-\S+ +\S+ +\S+ .*\d+ r\.html", _shell.Show($"Test-MigrationReadiness web1 b | Export-MigrationReport '{_folder["r.html"]}'"));
    }

    public void Dispose()
    {
        _shell.Run(TestHosts.Disconnect);
        _shell.Dispose();
        _folder.Dispose();
    }
}
