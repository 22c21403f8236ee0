namespace LiveMigration.Module.Tests;

/// <summary>D2: a forecast of a curve, which needs no host.</summary>
public sealed class ForecastTests : IDisposable
{
    private const string Rates =
        "$rates = 1, 3, 10 | ForEach-Object { [LiveMigration.Domains.DirtyPages.DirtyRate]@{ Name = 'web1'; HostName = 'a'; Mode = 'PageSampling'; Time = Get-Date; "
        + "Period = [timespan]::FromSeconds($_); Rate = 40MB; PagesPerSecond = 10240; ShareOfMemory = 0.04; Memory = 1GB; StandardError = 1MB } }; ";

    private static readonly string[] Cases =
    [
        "104857600 0.3 PreCopy", "104857600 0.3 Suspend", "104857600 2 PreCopy", "104857600 2 Suspend",
        "125000000 0.3 PreCopy", "125000000 0.3 Suspend", "125000000 2 PreCopy", "125000000 2 Suspend",
    ];

    private static readonly string[] Rows = ["web1 a PreCopy 20971520", "web1 a AutoConverge 20971520", "web1 a PreCopy 209715200", "web1 a AutoConverge 209715200"];

    private readonly Shell _shell = new();

    [Theory]
    [InlineData("$rates")]
    [InlineData("($rates | ConvertTo-Json | ConvertFrom-Json)")]
    [InlineData("($rates | ConvertTo-Csv | ConvertFrom-Csv)")]
    [InlineData("([Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($rates)))")]
    public void Measurements_may_come_from_anywhere(string rates)
    {
        var forecast = Assert.Single(_shell.Run($"{Rates}Get-MigrationForecast -Curve {rates} -Bandwidth 200MiB/s -Strategy PreCopy | ForEach-Object {{ \"$($_.Name) $($_.HostName) $($_.Curve) $($_.Converges)\" }}").Clean);
        Assert.Equal("web1 a 40 MiB in 1 s, 120 MiB in 3 s, 400 MiB in 10 s True", forecast.BaseObject);
    }

    [Fact]
    public void A_table_is_a_curve_and_every_case_is_forecast_in_order()
    {
        var forecasts = _shell.Run("Get-MigrationForecast -Curve @{ '100ms' = '20MiB'; 1 = 94371840; '00:00:10' = '300MiB' } -Memory 1GiB -Bandwidth '100MiB/s', '1Gbit/s' "
            + "-MaxDowntime '300ms', '2s' -Strategy PreCopy, Suspend | ForEach-Object { \"$($_.Curve) $($_.Bandwidth) $($_.MaxDowntime.TotalSeconds) $($_.Strategy)\" }").Clean;
        Assert.Equal(Cases, forecasts.Select(forecast => $"{forecast.BaseObject}".Replace("20 MiB in 100 ms, 90 MiB in 1 s, 300 MiB in 10 s ", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("-Curve @{ 1 = '1MiB' } -Bandwidth 1Gbit/s", "-Memory is needed")]
    [InlineData("-Curve @{ 1 = '1MiB' } -Memory 1GiB", "-Curve needs -Bandwidth")]
    [InlineData("-Curve @{ 1 = '1MiB' } -Memory 0 -Bandwidth 1Gbit/s", "-Memory must be more than 0")]
    [InlineData("-Curve @{ 1 = '1MiB' } -Memory 1GiB -Bandwidth 1Gbit/s -HostName a", "omit -HostName")]
    [InlineData("-Curve @{ 0 = '1MiB' } -Memory 1GiB -Bandwidth 1Gbit/s", "no point with a period")]
    [InlineData("-Curve @{ soon = '1MiB' } -Memory 1GiB -Bandwidth 1Gbit/s", "'soon' is not a time")]
    [InlineData("-Curve @{ 1 = 'much' } -Memory 1GiB -Bandwidth 1Gbit/s", "'much' is not a size")]
    [InlineData("-Curve (Get-Date) -Bandwidth 1Gbit/s", "not a measurement of Measure-DirtyRate")]
    [InlineData("-Curve @{ 1 = '1MiB' } -Memory 1GiB -Bandwidth max", "-Bandwidth must be a rate")]
    [InlineData("-Curve @{ 1 = '1MiB' } -Memory 1GiB -Bandwidth 0", "-Bandwidth must be a rate")]
    [InlineData("-Curve @{ 1 = '1MiB' } -Memory 1GiB -Bandwidth 1Gbit/s -MaxDowntime 0ms", "-MaxDowntime must be 1 ms to 2000 s")]
    [InlineData("-Curve @{ 1 = '1MiB' } -Memory 1GiB -Bandwidth 1Gbit/s -MaxDowntime 300", "has no unit")]
    public void What_is_missing_or_wrong_is_said(string arguments, string says) =>
        Assert.Contains(says, string.Join('\n', _shell.Run($"Get-MigrationForecast {arguments}").Errors.Select(error => error.ToString())), StringComparison.Ordinal);

    [Fact]
    public void A_report_shows_the_curve_and_every_forecast_in_each_format()
    {
        using var folder = new Folder();
        _ = _shell.Run($"{Rates}$all = Get-MigrationForecast -Curve $rates -Bandwidth 20MiB/s, 200MiB/s -Strategy PreCopy, AutoConverge; "
            + $"'html', 'json', 'csv' | ForEach-Object {{ $null = $all | Export-MigrationReport \"{folder.Path}/report.$_\" }}").Clean;

        var page = File.ReadAllText($"{folder.Path}/report.html");
        Assert.Contains("<title>Migration forecast</title>", page, StringComparison.Ordinal);
        Assert.Contains("1 VM; 1 of 2 pre-copy migrations converge.", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<link|src=|@import|url\(|\{\{", page);
        var drawing = System.Xml.Linq.XElement.Parse(System.Text.RegularExpressions.Regex.Match(page, "(?s)<svg class=\"chart\".*?</svg>").Value);
        Assert.Equal(3, drawing.Elements("circle").Count());
        Assert.Equal(2, drawing.Elements("path").Count(path => (string?)path.Attribute("class") == "planned"));

        var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText($"{folder.Path}/report.json")).RootElement.GetProperty("forecasts");
        Assert.Equal(4, json.GetArrayLength());
        Assert.Equal((false, "PreCopy", 0.3), (json[0].GetProperty("converges").GetBoolean(), json[0].GetProperty("strategy").GetString(), json[0].GetProperty("maxDowntime").GetDouble()));
        Assert.True(json[2].GetProperty("totalTime").GetProperty("median").GetDouble() > 5);

        var rows = _shell.Run($"Import-Csv '{folder.Path}/report.csv' | ForEach-Object {{ \"$($_.Name) $($_.Source) $($_.Strategy) $($_.Bandwidth)\" }}").Clean;
        Assert.Equal(Rows, rows.Select(row => $"{row.BaseObject}"));
    }

    public void Dispose() => _shell.Dispose();
}
