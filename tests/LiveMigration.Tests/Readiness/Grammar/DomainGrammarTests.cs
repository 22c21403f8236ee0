using System.Xml.Linq;
using LiveMigration.Readiness;
using LiveMigration.Readiness.Grammar;

namespace LiveMigration.Tests.Readiness.Grammar;

/// <summary>R4: nothing that a definition may refer to is forgotten.</summary>
public sealed class DomainGrammarTests
{
    private static readonly string[] Recorded = Tests.Recorded.Text("domain-grammar.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static TheoryData<string> Definitions => ["domain-running.xml", "domain-migratable.xml", "domain-backing.xml", "domain-disks.xml"];

    [Fact]
    public void R4_every_element_and_attribute_has_a_row() => Assert.Equal([], Unknown(Recorded));

    [InstalledGrammarFact]
    public void R4_so_has_all_that_the_grammars_allow_that_are_installed_here() => Assert.All(
        InstalledGrammarFactAttribute.Folders, folder => Assert.Equal([], Unknown(RelaxNgGrammar.OfDomains(folder).Paths())));

    /// <summary>The lab's grammar is the one that was recorded.</summary>
    [InstalledGrammarFact]
    public void R4_the_walk_finds_what_is_recorded()
    {
        if (InstalledGrammarFactAttribute.Folders.ElementAtOrDefault(1) is { } recorded)
            Assert.Equal(Recorded, RelaxNgGrammar.OfDomains(recorded).Paths());
        Assert.All(InstalledGrammarFactAttribute.Folders, folder => Assert.InRange(RelaxNgGrammar.OfDomains(folder).Paths().Count, 2_000, 20_000));
    }

    [Fact]
    public void R4_every_row_decides_about_something()
    {
        var deciding = Recorded.SelectMany(GrammarTable.Of).ToHashSet();
        Assert.Equal([], GrammarTable.Rows.Where(row => !deciding.Contains(row)).Select(row => row.Pattern));
    }

    [Fact]
    public void R4_every_row_names_checks_that_there_are_or_says_what_is_needed() => Assert.Equal(
        [],
        GrammarTable.Rows.Where(row => row.Verdict switch
        {
            GrammarVerdict.LookedUp => row.Checks.Except(ReadinessSelection.Ids).Any(),
            GrammarVerdict.NotLookedAt => row.Words.Length == 0,
            _ => false,
        }).Select(row => row.Pattern));

    /// <summary>libvirt writes more than its grammar has.</summary>
    [Theory]
    [MemberData(nameof(Definitions))]
    public void R4_what_libvirt_wrote_is_known(string file) =>
        Assert.Equal([], GrammarTable.Look(Tests.Recorded.Xml(file)).Where(part => part.Row is null).Select(part => part.Path));

    [Theory]
    [InlineData("<graphics autoport='no' port='5901'/>", "/domain/devices/graphics/@port", GrammarVerdict.LookedUp)]
    [InlineData("<graphics autoport='yes' port='5901'/>", "/domain/devices/graphics/@port", GrammarVerdict.Carried)]
    [InlineData("<rng><backend model='random'>/dev/urandom</backend></rng>", "/domain/devices/rng/backend", GrammarVerdict.Carried)]
    [InlineData("<rng><backend model='random'>/dev/hwrng</backend></rng>", "/domain/devices/rng/backend", GrammarVerdict.LookedUp)]
    [InlineData("<interface><target dev='vnet7'/></interface>", "/domain/devices/interface/target/@dev", GrammarVerdict.Harmless)]
    [InlineData("<interface><target dev='tap-web'/></interface>", "/domain/devices/interface/target/@dev", GrammarVerdict.NotLookedAt)]
    [InlineData("<disk><backingStore><backingStore><source file='/x'/></backingStore></backingStore></disk>", "/domain/devices/disk/backingStore/backingStore/source/@file", GrammarVerdict.LookedUp)]
    [InlineData("<disk><source file='/x'/></disk>", "/domain/devices/disk/source/@file", GrammarVerdict.LookedUp)]
    [InlineData("<teapot/>", "/domain/devices/teapot", null)]
    public void R4_the_last_row_that_fits_decides(string device, string path, object? verdict) => Assert.Equal(
        (GrammarVerdict?)verdict,
        GrammarTable.Look(XElement.Parse($"<domain><devices>{device}</devices></domain>")).Single(part => part.Path == path).Row?.Verdict);

    [Fact]
    public void R4_a_name_of_another_namespace_has_its_prefix() => Assert.Contains(
        ("/domain/qemu:commandline/qemu:arg", GrammarVerdict.NotLookedAt),
        GrammarTable.Look(XElement.Parse("<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:commandline><q:arg value='-S'/></q:commandline></domain>"))
            .Select(part => (part.Path, part.Row!.Verdict)));

    private static IEnumerable<string> Unknown(IEnumerable<string> paths) => paths.Where(path => GrammarTable.Of(path) is not [.., { IsConditional: false }]);
}
