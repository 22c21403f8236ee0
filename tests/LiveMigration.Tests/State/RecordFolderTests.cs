using System.Text;
using System.Text.Json;
using LiveMigration.State;

namespace LiveMigration.Tests.State;

public sealed class RecordFolderTests : IDisposable
{
    private readonly GivenState _state = new();
    private readonly Guid _key = Guid.NewGuid();

    private RecordFolder Things => _state.Store.Records("things", "thing");

    private string FileOf(Guid key) => Path.Combine(_state.Folder, "things", _state.Store.Self.Machine, $"{key}.json");

    public void Dispose() => _state.Dispose();

    [Fact]
    public void A_record_is_read_as_it_was_written_until_it_is_replaced_or_removed()
    {
        Things.Write(_key, ("text", "ü \"quoted\"\n"), ("number", long.MaxValue), ("id", _key), ("yes", true), ("no", false), ("none", default(string)), ("list", FieldValue.List(["a,b", ""])), ("empty", FieldValue.List([])));

        var record = Assert.Single(Things.Read());
        Assert.Equal(("thing", _key, _state.Clock.GetUtcNow(), _state.Store.Self), (record.Kind, record.Key!.Value, record.Time, record.Writer));
        Assert.Equal(("ü \"quoted\"\n", long.MaxValue, _key, true, false), (record.Fields["text"], record.Fields.Number("number"), record.Fields.Id("id"), record.Fields.Flag("yes"), record.Fields.Flag("no")));
        Assert.Equal(["a,b", ""], record.Fields.Items("list"));
        Assert.Equal(["text", "number", "id", "yes", "list", "empty"], record.Fields.All.Select(field => field.Name));
        // Another type, or no such field, is nothing.
        Assert.Equal((null, null, null, false), (record.Fields["number"], record.Fields.Number("text"), record.Fields.Id("text"), record.Fields.Flag("none")));
        Assert.Empty(record.Fields.Items("text"));

        Things.Write(_key, ("text", "again"));
        Assert.Equal("again", Assert.Single(Things.Read()).Fields["text"]);
        Things.Remove(_key);
        Assert.Empty(Things.Read());
        Things.Remove(_key);
        Assert.Empty(Directory.GetFiles(_state.Folder, "*", SearchOption.AllDirectories));
    }

    /// <summary>docs/STATE.md: a line of JSON, for jq.</summary>
    [Fact]
    public void A_record_is_a_line_of_JSON()
    {
        Things.Write(_key, ("name", "web"), ("bytes", 5), ("made", true), ("or", FieldValue.List(["b"])));
        var text = File.ReadAllText(FileOf(_key));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var json = JsonDocument.Parse(text);
        Assert.Equal(
            ["v", "key", "kind", "at", "machine", "boot", "pid", "started", "name", "bytes", "made", "or", "sum"],
            json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal("""1|thing|2026-12-31T12:00:00.000Z|web|5|True|["b"]""", string.Join('|', json.RootElement.EnumerateObject().Where(member => member.Name is "v" or "kind" or "at" or "name" or "bytes" or "made" or "or").Select(member => $"{member.Value}")));
        Assert.Equal(Environment.ProcessId, json.RootElement.GetProperty("pid").GetInt32());
    }

    [Theory]
    [InlineData("v")]
    [InlineData("key")]
    [InlineData("sum")]
    public void A_field_cannot_be_taken_for_a_part_of_the_envelope(string name) =>
        Assert.Throws<ArgumentException>(() => Things.Write(_key, (name, "x")));

    /// <summary>A home folder may be on several machines: a record of another one is nobody's here.</summary>
    [Fact]
    public void What_another_machine_wrote_is_not_seen()
    {
        Things.Write(_key, ("of", "ours"));
        _state.Of(_state.Store.Self with { Machine = "another" }).Records("things", "thing").Write(_key, ("of", "theirs"));
        Assert.Equal("ours", Assert.Single(Things.Read()).Fields["of"]);
    }

    [Fact]
    public void What_is_no_record_is_left_out_and_where_it_is()
    {
        Things.Write(_key, ("name", "good"));
        var good = File.ReadAllText(FileOf(_key));
        // A copy under another name, another kind, a newer version, half a record, two records, none.
        File.WriteAllText(FileOf(Guid.NewGuid()), good);
        var other = _state.Store.Records("things", "other").Write(Guid.NewGuid());
        File.WriteAllText(FileOf(Guid.NewGuid()), """{"v":2,"kind":"thing"}""" + "\n");
        File.WriteAllText(FileOf(Guid.NewGuid()), good[..^1]);
        File.WriteAllText(FileOf(Guid.NewGuid()), good + good);
        File.WriteAllText(FileOf(Guid.NewGuid()), "");
        File.WriteAllBytes(FileOf(Guid.NewGuid()), [0, 0, (byte)'\n']);
        File.WriteAllText(FileOf(_key) + ".half.new", good);

        Assert.Equal("good", Assert.Single(Things.Read()).Fields["name"]);
        Assert.Equal(9, Directory.GetFiles(Path.GetDirectoryName(FileOf(_key))!).Length);
        Assert.True(File.Exists(FileOf(other.Key!.Value)));
    }

    /// <summary>Each by itself is not a record, whatever the others say.</summary>
    [Fact]
    public void Wherever_a_record_is_cut_or_changed_it_is_none()
    {
        Things.Write(_key, ("name", "web"));
        var whole = File.ReadAllBytes(FileOf(_key));
        for (var at = 0; at < whole.Length; at++)
        {
            File.WriteAllBytes(FileOf(_key), whole[..at]);
            Assert.Empty(Things.Read());
            var changed = whole.ToArray();
            changed[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(FileOf(_key), changed);
            Assert.Empty(Things.Read());
        }
    }

    /// <summary>A checksum is no secret: what was made by hand may be anything.</summary>
    [Theory]
    [InlineData("""{"v":1""")]
    [InlineData("""{"v":"1","kind":"thing","at":"2026-12-31T12:00:00.000Z","machine":"m","boot":"b","pid":1,"started":1""")]
    [InlineData("""{"v":1,"kind":7,"at":"2026-12-31T12:00:00.000Z","machine":"m","boot":"b","pid":1,"started":1""")]
    [InlineData("""{"v":1,"kind":"thing","at":"yesterday","machine":"m","boot":"b","pid":1,"started":1""")]
    [InlineData("""{"v":1,"kind":"thing","at":null,"machine":"m","boot":"b","pid":1,"started":1""")]
    [InlineData("""{"v":1,"kind":"thing","at":"2026-12-31T12:00:00.000Z","machine":"m","boot":"b","pid":99999999999,"started":1""")]
    [InlineData("""{"v":1,"kind":"thing","at":"2026-12-31T12:00:00.000Z","machine":"m","boot":"b","pid":1,"started":1,"x":"\ud800" """)]
    [InlineData("""{"v":1,"kind":"thing","at":"2026-12-31T12:00:00.000Z","machine":"m","boot":"b","pid":1,"started":1,"key":"no" """)]
    [InlineData("""{"v":99999999999,"kind":"thing" """)]
    [InlineData("""[1""")]
    [InlineData("")]
    public void A_line_with_a_true_checksum_that_is_no_record_is_none(string body)
    {
        var sum = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(body)))[..16].ToLowerInvariant();
        Assert.Null(RecordLine.Read(Encoding.UTF8.GetBytes($"{body},\"sum\":\"{sum}\"}}")).Record);
    }

    [Fact]
    public void Fields_that_a_later_version_added_are_passed_over()
    {
        var body = """{"v":1,"kind":"thing","at":"2026-12-31T12:00:00.000Z","machine":"m","boot":"b","pid":1,"started":1,"a":{"b":[1]},"c":1.5,"d":[1,"x"],"e":null,"f":false,"name":"web" """;
        var sum = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(body)))[..16].ToLowerInvariant();
        var record = RecordLine.Read(Encoding.UTF8.GetBytes($"{body},\"sum\":\"{sum}\"}}")).Record!;
        Assert.Equal(("name", "web"), (Assert.Single(record.Fields.All).Name, record.Fields["name"]));
    }
}
