using System.Text.RegularExpressions;
using System.Xml.Linq;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Tests;

/// <summary>
/// A page shows what its examples print. That the columns and properties are those that come is also seen on real hosts, in
/// tests/module/Examples.Tests.ps1.
/// </summary>
public sealed partial class ExampleTests
{
    /// <summary>The examples without output, and why.</summary>
    private static readonly Dictionary<string, string> Silent = new(StringComparer.Ordinal)
    {
        ["Disconnect-LibvirtHost 1"] = "prints nothing",
        ["Disconnect-LibvirtHost 2"] = "prints nothing",
        ["Disconnect-QemuProcess 1"] = "prints nothing",
        ["Exit-HostMaintenance 2"] = "prints nothing",
        ["Invoke-QmpCommand 3"] = "prints nothing where nothing happens",
        ["Start-QemuDestination 1"] = "prints what would be started, which is not output",
        ["Get-HostEvacuation 1"] = "prints nothing where every evacuation has ended",
        ["Get-LibvirtDomain 4"] = "prints nothing where no VM has local disks",
        ["Get-VMLiveMigration 2"] = "prints the results of migrations that the reader has started before",
        ["Get-FleetBalance 1"] = "prints figures of the moment",
        ["Get-FleetBalance 2"] = "prints figures of the moment",
        ["Get-FleetBalance 3"] = "prints figures of the moment",
        ["Get-VMMigrationHistory 2"] = "prints nothing where none has failed",
        ["New-BalancePlan 1"] = "depends on the loads of the moment",
        ["New-BalancePlan 2"] = "depends on the loads of the moment",
        ["New-BalancePlan 4"] = "depends on where the VMs are",
        ["New-EvacuationPlan 3"] = "prints nothing where every VM can move",
        ["New-MigrationDisk 1"] = "prints nothing where all disks are shared",
        ["New-MigrationDisk 2"] = "prints nothing where all disks are shared",
        ["Remove-HostEvacuation 1"] = "prints nothing",
        ["Remove-HostEvacuation 2"] = "prints what would be removed, which is not output",
        ["Remove-HostEvacuation 3"] = "prints nothing",
        ["Repair-MigrationReadiness 2"] = "prints nothing where nothing is to be fixed",
        ["Restore-VMState 2"] = "prints what would be restored, which is not output",
        ["Set-MigrationBandwidth 3"] = "prints nothing without -PassThru",
        ["Set-MigrationParameter 2"] = "prints nothing without -PassThru",
        ["Stop-VMLiveMigration 2"] = "prints the results of migrations that the reader has started before",
        ["Test-MigrationReadiness 2"] = "prints the results of Start-VMLiveMigration",
        ["Test-MigrationReadiness 4"] = "prints nothing where all VMs are ready",
        ["Wait-VMLiveMigration 2"] = "prints the results of migrations that the reader has started before",
    };

    /// <summary>What PowerShell itself shows of files and jobs.</summary>
    private static readonly string[] OfPowerShell =
        ["UnixMode", "User", "Group", "LastWriteTime", "Size", "Name", "Directory", "Id", "PSJobTypeName", "State", "HasMoreData", "Location", "Command"];

    private static readonly XDocument Formats = XDocument.Load(Module.Source("module", "LiveMigration.Format.ps1xml"));

    public static TheoryData<string> All => Module.CmdletNames;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_example_shows_what_it_prints(string cmdlet) =>
        Assert.All(Examples(cmdlet), example => Assert.True(
            example.Output.Length > 0 != Silent.ContainsKey($"{cmdlet} {example.Number}"),
            $"docs/{cmdlet}.md, example {example.Number}: run it and show its output in a block ```output, or say in Silent why it has none; not both."));

    [Fact]
    public void Examples_without_output_exist() =>
        Assert.Empty(Silent.Keys.Except(Module.Cmdlets.SelectMany(cmdlet => Examples(cmdlet.Name).Select(example => $"{cmdlet.Name} {example.Number}"))));

    [Theory]
    [MemberData(nameof(All))]
    public void Output_fits_a_window_of_80_columns(string cmdlet) =>
        Assert.All(Examples(cmdlet).SelectMany(example => example.Output.Split('\n')), line => Assert.True(line.Length <= 80, $"docs/{cmdlet}.md: '{line}' has {line.Length} columns"));

    [Theory]
    [MemberData(nameof(All))]
    public void Columns_and_properties_exist(string cmdlet)
    {
        foreach (var example in Examples(cmdlet))
        {
            var called = CmdletName().Matches(example.Code).Select(name => name.Value).ToHashSet();
            var written = Module.Cmdlets.Where(one => called.Contains(one.Name)).SelectMany(one => one.OutputTypes).SelectMany(WithParts).Distinct().ToList();
            var names = written.SelectMany(type => type.GetProperties().Select(property => property.Name)).Concat(written.SelectMany(Labels)).Concat(OfPowerShell).ToHashSet();

            Assert.All(example.Names(), name => Assert.True(
                names.Contains(name) || Regex.IsMatch(example.Code, $@"\b{Regex.Escape(name)}\b"),
                $"docs/{cmdlet}.md, example {example.Number}: '{name}' is not a column or a property of what {string.Join(", ", written.Select(type => type.Name))} show"));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Checks_have_the_titles_that_reports_show(string cmdlet) => Assert.All(
        Examples(cmdlet).SelectMany(example => example.Checks()),
        check => Assert.StartsWith(check.Title, ReadinessSelection.TitleOf(check.Id), StringComparison.Ordinal));

    /// <summary>That a column was renamed and a page was not is found.</summary>
    [Theory]
    [InlineData("Name   Hosts\n----   -----\nweb1   a", "Name,Hosts")]
    [InlineData("Name Progress %\n---- -------- -\nweb1     12 %", "Name,Progress,%")]
    [InlineData("  Memory\n  ------\n 128 MiB", "Memory")]
    [InlineData("Target   : vda\nEvidence : it is: shared\n           : so", "Target,Evidence")]
    [InlineData("What if: Evacuate a.", "")]
    public void Names_are_found(string output, string names) =>
        Assert.Equal(names, string.Join(',', new HelpExample(1, "", output).Names()));

    private static IEnumerable<HelpExample> Examples(string cmdlet) => new HelpPage(File.ReadAllText(Module.Source("docs", $"{cmdlet}.md"))).Examples();

    /// <summary>A type and those of its properties, which an example can take out of it.</summary>
    private static IEnumerable<Type> WithParts(Type type) => type.Namespace?.StartsWith("LiveMigration", StringComparison.Ordinal) is true
        ? type.GetProperties().Select(property => Element(property.PropertyType)).Prepend(type)
        : [];

    private static Type Element(Type type) => type.IsArray ? type.GetElementType()! : type.IsGenericType ? type.GetGenericArguments()[0] : type;

    /// <summary>The headers of the tables and the labels of the lists that views have for a type.</summary>
    private static IEnumerable<string> Labels(Type type) => Formats.Descendants("View")
        .Where(view => view.Descendants("TypeName").Any(name => name.Value.Split('#')[0] == type.FullName))
        .SelectMany(view => view.Descendants("Label").Concat(view.Descendants("PropertyName"))).Select(label => label.Value);

    [GeneratedRegex(@"\b[A-Z]\w+-\w+\b")]
    private static partial Regex CmdletName();
}
