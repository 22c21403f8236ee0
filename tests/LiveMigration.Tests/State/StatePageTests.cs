using System.Text;
using System.Text.RegularExpressions;
using LiveMigration.Migration.Affinity;
using LiveMigration.Migration.Qemu.Journals;
using LiveMigration.State;
using LiveMigration.Storage;
using LiveMigration.Storage.Images;
using LiveMigration.Tests.Migration.Qemu;

namespace LiveMigration.Tests.State;

/// <summary>docs/STATE.md, which others read the format from, is made by hand.</summary>
public sealed partial class StatePageTests : IDisposable
{
    private readonly GivenState _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("STATE.md", "image", null)]
    [InlineData("JOURNAL.md", "evacuation", 7L)]
    public void Its_example_is_a_record(string page, string kind, long? number)
    {
        var line = RecordLine.Read(Encoding.UTF8.GetBytes(File.ReadLines(Checkout.PathOf("docs", page)).Single(line => line.StartsWith("{\"v\"", StringComparison.Ordinal))));
        Assert.Equal((kind, number, null), (line.Record?.Kind, line.Number, line.Problem));
    }

    [Fact]
    public void Every_member_of_a_record_is_on_it()
    {
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        var images = new ImageJournal(_state.Store);
        images.Made(images.Plan(one, two, "default", "web.qcow2"));
        new LeftImages(_state.Store).Record(one, two, new Volume("default", "web.qcow2", "/images/web.qcow2", "qcow2", 1, 1, 1, Backing: null, Changed: 1.5m));
        new PoolJournal(_state.Store).Begin(one, PoolFacts.MomentaryPrefix);
        var affinity = new AffinityJournal(_state.Store);
        affinity.Release(affinity.Write(one, two, one, [1]));

        var rows = File.ReadLines(Checkout.PathOf("docs", "STATE.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .ToLookup(line => line.Split(' ')[1], line => Word().Matches(line).Select(word => word.Value).ToHashSet());
        var written = new[] { ("images", "image"), ("left", "left-image"), ("pools", "pool"), ("affinity", "affinity") }
            .Select(kind => Assert.Single(_state.Store.Records(kind.Item1, kind.Item2).Read())).ToList();
        Assert.All(written.SelectMany(record => record.Fields.All.Select(field => (record.Kind, field.Name))), pair => Assert.Contains(pair.Name, Assert.Single(rows[pair.Kind])));
        Assert.Equal(4, written.Select(record => record.Kind).Distinct().Count());
        Assert.All("v n key kind at machine boot sum".Split(' '), member => Assert.Single(rows[member]));
    }

    [Fact]
    public void Every_member_and_step_of_a_migration_between_QEMUs_is_on_it()
    {
        using (var journal = new QemuJournal(_state.Store, "one"))
            journal.Begin(GivenQemu.Plan(_state.Store));
        var begun = Assert.Single(_state.Store.Logs("qemu-handovers", "qemu-handover").Read("one").Records);
        var page = File.ReadAllText(Checkout.PathOf("docs", "STATE.md"));
        Assert.All(begun.Fields.All, field => Assert.Matches($@"\b{field.Name}\b", page));
        var steps = typeof(QemuStep).GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).ToList();
        Assert.Equal(15, steps.Count);
        Assert.All(steps, step => Assert.Contains($"| {step} |", page, StringComparison.Ordinal));
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
