using FsCheck;
using FsCheck.Fluent;
using LiveMigration.State;

namespace LiveMigration.Tests.State;

/// <summary>
/// Whatever happens to a log: nothing throws, no record is read that was not written, all before the damage are read, what is lost is said,
/// and who goes on with it loses nothing more.
/// </summary>
public sealed class RecordDamageTests : IDisposable
{
    private static readonly Config Tries = Config.QuickThrowOnFailure.WithMaxTest(500);

    private readonly GivenState _state = new();

    private enum What
    {
        Cut,
        Flip,
        Zero,
        Repeat,
        Lose,
        Swap,
        Insert,
    }

    /// <param name="What">What happens.</param>
    /// <param name="At">Where, in thousandths of the file, or of its lines.</param>
    /// <param name="With">A bit, a length, or a byte.</param>
    private sealed record Damage(What What, int At, int With);

    private sealed record Story(IReadOnlyList<(string Name, FieldValue Text)> Fields, IReadOnlyList<Damage> Damages)
    {
        public override string ToString() => $"{Fields.Count} records; {string.Join(", ", Damages)}";
    }

    private static readonly Gen<string> Texts = Gen.Elements("", "web", "a b", "ü\n\"\\", "{\"v\":1}", ",\"sum\":\"0123456789abcdef\"}", "\u0000\u007f", "😀", "\ud800", new string('x', 5000));

    private static readonly Gen<Story> Stories =
        from fields in (from name in Gen.Elements("a", "to", "error") from text in Texts select (name, (FieldValue)text)).ListOf()
        from damages in (from what in Gen.Elements(Enum.GetValues<What>()) from at in Gen.Choose(0, 999) from with in Gen.Choose(0, 255) select new Damage(what, at, with)).ListOf()
        select new Story([.. fields.Take(12)], [.. damages.Take(3)]);

    private LogFolder Logs => _state.Store.Logs("logs", "line");

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Whatever_happens_to_a_log_only_what_was_written_is_read() => Prop.ForAll(Arb.From(Stories), Tell).Check(Tries);

    private void Tell(Story story)
    {
        // As a log writes them, and without a flush for each.
        byte[] whole = [.. story.Fields.SelectMany((field, n) => RecordLine.Write(new StateRecord("line", _state.Store.Now, _state.Store.Self, new RecordFields([("n-th", n), field])), n + 1))];
        var file = Logs.FileOf("one");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, whole);
        var written = Logs.Read("one").Records.Select(Text).ToList();
        // A half of a character is none, in UTF-8.
        Assert.Equal(story.Fields.Select((field, n) => $"{n}: {field.Name}={((string)field.Text.Value!).Replace('\ud800', '\ufffd')}"), written);
        var (bytes, first) = story.Damages.Aggregate((Bytes: whole, First: whole.Length), (now, damage) => Apply(now.Bytes, damage) is var (then, at) ? (then, Math.Min(now.First, at)) : now);
        File.WriteAllBytes(file, bytes);

        var content = Logs.Read("one");

        var read = content.Records.Select(Text).ToList();
        Assert.True(IsSubsequence(read, written), "A record was read that was not written, or twice, or out of order.");
        var before = written.Take(Lines(whole[..first]).Count - (first > 0 && whole[first - 1] == '\n' ? 0 : 1)).ToList();
        Assert.Equal(before, read.Take(before.Count));
        // A loss is said; only a file that ends where a record does could have ended there.
        Assert.True(read.Count == written.Count || content.Damage.Count > 0 || IsWhole(bytes), "A loss was not noticed.");

        using (var log = Logs.TryOpen("one")!)
            log.Append(("to", "the end"));
        Assert.Equal(bytes, File.ReadAllBytes(file)[..bytes.Length]);
        var after = Logs.Read("one");
        Assert.Equal(read.Append("the end"), after.Records.SkipLast(1).Select(Text).Append(after.Records[^1].Fields["to"]!));
        Assert.True(content.IsComplete || !after.IsComplete, "A loss was forgotten.");
    }

    private static (byte[] Bytes, int At) Apply(byte[] bytes, Damage damage)
    {
        if (bytes.Length == 0)
            return (bytes, 0);
        var at = (int)((long)bytes.Length * damage.At / 1000);
        var lines = Lines(bytes);
        var line = lines.Count * damage.At / 1000;
        var start = lines.Take(line).Sum(one => one.Length + 1);
        switch (damage.What)
        {
            case What.Cut:
                return (bytes[..at], at);
            case What.Flip:
                bytes = [.. bytes];
                bytes[at] ^= (byte)(1 << (damage.With % 8));
                return (bytes, at);
            case What.Zero:
                bytes = [.. bytes];
                bytes.AsSpan(at, Math.Min(damage.With, bytes.Length - at)).Clear();
                return (bytes, at);
            case What.Repeat:
                return (Join([.. lines[..(line + 1)], .. lines[line..]]), start);
            case What.Lose:
                return (Join([.. lines[..line], .. lines[(line + 1)..]]), start);
            case What.Swap:
                return (Join([.. lines[..line], .. lines[line..].AsEnumerable().Reverse()]), start);
            default:
                return ([.. bytes[..at], (byte)damage.With, (byte)'\n', .. bytes[at..]], at);
        }
    }

    /// <summary>Bytes, each as a character.</summary>
    private static List<string> Lines(byte[] bytes)
    {
        var lines = System.Text.Encoding.Latin1.GetString(bytes).Split('\n').ToList();
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1); // What follows the last newline.
        return lines;
    }

    private static byte[] Join(IReadOnlyList<string> lines) => System.Text.Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + '\n')));

    private static bool IsWhole(byte[] bytes) => bytes.Length == 0 || bytes[^1] == '\n' || RecordLine.Read(System.Text.Encoding.Latin1.GetBytes(Lines(bytes)[^1])).Record is not null;

    private static string Text(StateRecord record) => record.Fields.All.Skip(1).First() is var (name, value) ? $"{record.Fields.Number("n-th")}: {name}={value.Value}" : "";

    private static bool IsSubsequence(IEnumerable<string> some, IEnumerable<string> all)
    {
        using var next = all.GetEnumerator();
        return some.All(one =>
        {
            while (next.MoveNext())
            {
                if (next.Current == one)
                    return true;
            }

            return false;
        });
    }
}
