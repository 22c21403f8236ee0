using System.Text;
using LiveMigration.Tracing;

namespace LiveMigration.State;

/// <summary>
/// What is in a log. Its lines are numbered, so that a record that is lost in the middle is missed. The last line may be torn by a loss of
/// power: then it was never written.
/// </summary>
/// <param name="Records">The records that were written and can be read.</param>
/// <param name="Damage">What else is there, and what is missing: sentences, each about a line.</param>
/// <param name="IsComplete">Whether no record that was written is lost, altered, or of a newer version, as far as can be seen.</param>
/// <param name="Next">The number of the next record.</param>
/// <param name="EndsInLine">Whether the last line has no end.</param>
internal sealed record LogContent(IReadOnlyList<StateRecord> Records, IReadOnlyList<string> Damage, bool IsComplete, long Next, bool EndsInLine)
{
    internal static LogContent Read(string path, string kind, Func<string, StateRecord?>? old)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Read(file, kind, old);
    }

    internal static LogContent Read(FileStream file, string kind, Func<string, StateRecord?>? old)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var content = new Reading(kind, old).Read(bytes);
        foreach (var damage in content.Damage)
            Tracer.Say($"{file.Name}: {damage}.");
        return content;
    }

    private sealed class Reading(string kind, Func<string, StateRecord?>? old)
    {
        private readonly List<StateRecord> _records = [];
        private readonly List<string> _damage = [];
        private bool _complete = true;
        private long _next = 1;
        private int _unread;
        private int _line;

        internal LogContent Read(ReadOnlyMemory<byte> bytes)
        {
            while (bytes.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                _line++;
                Take(bytes[..end], isLast: end == bytes.Length - 1);
                bytes = bytes[(end + 1)..];
            }

            // A line without its end counts if it is all there: whatever follows from it may have been done.
            if (bytes.Length > 0 && RecordLine.Read(bytes) is { Record: not null })
                Take(bytes, isLast: true);
            else if (bytes.Length > 0)
                _damage.Add($"line {_line + 1} ends in the middle, and was never written");
            // What is unreadable at the end may have been records: their numbers are not given again.
            return new(_records, _damage, _complete && _unread == 0, _next + _unread, bytes.Length > 0);
        }

        private void Take(ReadOnlyMemory<byte> bytes, bool isLast)
        {
            var line = bytes is { Length: > 0 } && bytes.Span[0] == '{' || old is null ? RecordLine.Read(bytes) : Old(bytes);
            if (line.Number is not { } number)
            {
                // Of a long line the page with its end may have reached the disk, and one before it not: it then has zeros in it.
                if (isLast && bytes.Span.Contains((byte)0))
                {
                    _damage.Add($"line {_line} ends in the middle, and was never written");
                    return;
                }

                _unread++;
                _damage.Add($"line {_line} {line.Problem ?? "has no number"}");
                return;
            }

            if (number < _next)
            {
                _damage.Add($"line {_line} repeats record {number}");
                return;
            }

            if (number > _next)
            {
                _complete = false;
                _damage.Add($"{(number - _next == 1 ? $"record {_next} is" : $"records {_next} to {number - 1} are")} missing before line {_line}");
            }

            (_next, _unread) = (number + 1, 0);
            if (line.Record is not { } record)
            {
                _complete = false;
                _damage.Add($"line {_line} {line.Problem}");
            }
            else if (record.Kind != kind)
            {
                // Nothing that is folded here depends on it.
                _damage.Add($"line {_line} is of the kind '{record.Kind}'");
            }
            else
            {
                _records.Add(record);
            }
        }

        private RecordLine Old(ReadOnlyMemory<byte> bytes) =>
            old!(Encoding.UTF8.GetString(bytes.Span)) is { } record ? new(record, _next, null) : new(null, null, "was altered");
    }
}
