using System.Management.Automation;

namespace LiveMigration.Module.Tests;

/// <summary>Every parameter that takes a time: what a number without a unit means there.</summary>
public sealed class DurationParameterTests : IDisposable
{
    /// <summary>Where virsh has milliseconds and PowerShell seconds.</summary>
    private const string NeedsUnit = "MaxDowntime";

    private static readonly string[] Negative = ["-1", "'-5s'", "([timespan]'-00:00:01')"];

    /// <summary>-MaxDowntime is no time to wait, and a wait of 0 asks whether a migration has ended.</summary>
    private static readonly string[] MayBeZero = [NeedsUnit, "Wait-VMLiveMigration Timeout"];

    private readonly Shell _shell = new();

    [Fact]
    public void A_time_that_is_too_short_is_refused_by_the_name_of_its_parameter() => Assert.All(Parameters("Duration"), parameter =>
    {
        var (cmdlet, name) = parameter;
        var others = string.Join(' ', Cmdlets.Find(cmdlet).Parameters.Where(other => other.Mandatory && other.Name != name).Select(other => $"-{other.Name} {ArgumentTests.Values[other.Name]}"));
        foreach (var value in MayBeZero.Intersect([name, $"{cmdlet} {name}"]).Any() ? Negative : [.. Negative, "0", "0s", "00:00:00"])
        {
            var error = Assert.Single(_shell.Run($"{cmdlet} -{name} {value} {others}").Errors);
            Assert.Equal(name, Assert.IsAssignableFrom<ParameterBindingException>(error.Exception).ParameterName);
        }
    });

    [Theory]
    [InlineData("Connect-LibvirtHost test:///default -Timeout 0", "more than 0")]
    [InlineData("Connect-LibvirtHost test:///default -KeepAliveInterval 500ms", "at least 1 s")]
    [InlineData("Measure-DirtyRate web1 5s, 0s", "at least 1 s")]
    public void How_long_a_time_has_to_be_is_said(string script, string said) =>
        Assert.Contains(said, Assert.Single(_shell.Run(script).Errors).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Every_time_without_a_unit_is_seconds_or_is_refused()
    {
        var parameters = Parameters("Duration").ToArray();

        Assert.True(parameters.Length >= 10, $"{parameters.Length}");
        foreach (var (cmdlet, name) in parameters)
        {
            foreach (var number in new[] { "300", "'300'", "300.0" })
            {
                var read = Read(cmdlet, name, number);
                Assert.Equal((cmdlet, name, number, name == NeedsUnit ? "has no unit" : "00:05:00"), (cmdlet, name, number, read.Contains("has no unit", StringComparison.Ordinal) ? "has no unit" : read));
            }

            Assert.Equal("00:05:00", Read(cmdlet, name, "([timespan]'00:05:00')"));
            Assert.Equal("00:05:00", Read(cmdlet, name, "'5min'"));
            Assert.Equal("300 ms", Read(cmdlet, name, "'300ms'"));
            Assert.Equal("0 ms", Read(cmdlet, name, "0"));
        }
    }

    [Fact]
    public void Every_bandwidth_without_a_unit_is_MiB_unless_no_network_has_it()
    {
        var parameters = Parameters("Bandwidth").ToArray();

        Assert.True(parameters.Length >= 5, $"{parameters.Length}");
        foreach (var (cmdlet, name) in parameters)
        {
            Assert.Equal("500 MiB/s", Read(cmdlet, name, "500"));
            Assert.Equal("50 MiB/s", Read(cmdlet, name, "\"$(50MB)B/s\""));
            Assert.Contains("Write the unit", Read(cmdlet, name, "50MB"), StringComparison.Ordinal);
            Assert.Contains("Write the unit", Read(cmdlet, name, "'52428800'"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_size_without_a_unit_is_bytes()
    {
        foreach (var (cmdlet, name) in Parameters("ByteSize"))
            Assert.Equal(["3 GiB", "3 GiB"], [Read(cmdlet, name, "3GB"), Read(cmdlet, name, $"'{3L << 30}'")]);
    }

    public void Dispose() => _shell.Dispose();

    /// <summary>Cmdlet and name of every parameter of a type, or of its nullable or its array.</summary>
    private IEnumerable<(string Cmdlet, string Name)> Parameters(string type) => _shell.Run(
        $$"""
        Get-Command -Module LiveMigration -CommandType Cmdlet | ForEach-Object {
            $cmdlet = $_
            $cmdlet.Parameters.Values | Where-Object { $_.ParameterType.FullName -match '\.{{type}}\b' } | ForEach-Object { "$($cmdlet.Name) $($_.Name)" }
        }
        """).Clean.Select(text => $"{text}".Split(' ')).Select(words => (words[0], words[1]));

    /// <summary>What a parameter makes of a value: text, or why it refuses.</summary>
    private string Read(string cmdlet, string name, string value)
    {
        var outcome = _shell.Run(
            $"""
            $transformation = (Get-Command {cmdlet}).Parameters['{name}'].Attributes.Where({'{'} $_ -is [Management.Automation.ArgumentTransformationAttribute] {'}'})
            if ($transformation.Count -ne 1) {'{'} throw "{cmdlet} -{name} reads no unit" {'}'}
            "$($transformation[0].Transform($ExecutionContext, ({value})))"
            """);
        return outcome.Errors is [var error, ..] ? error.ToString() : $"{outcome.Output.Single()}";
    }
}
