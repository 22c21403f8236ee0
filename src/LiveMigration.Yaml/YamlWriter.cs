using System.Globalization;
using LiveMigration.Units;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LiveMigration.Yaml;

/// <summary>What writers of YAML share: names with values, in the order in which they are given.</summary>
internal abstract class YamlWriter(TextWriter writer)
{
    private readonly Emitter _emitter = new(writer, new EmitterSettings(2, int.MaxValue, false, 1024).WithIndentedSequences());

    private protected void Document(Action entries)
    {
        _emitter.Emit(new StreamStart());
        _emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Mapping(MappingStyle.Block, entries);
        _emitter.Emit(new DocumentEnd(isImplicit: true));
        _emitter.Emit(new StreamEnd());
    }

    private protected void Section(string key, Action entries)
    {
        Scalar(key);
        Mapping(MappingStyle.Block, entries);
    }

    /// <summary>A list of names with values.</summary>
    private protected void Sections<T>(string key, IEnumerable<T> items, MappingStyle style, Action<T> entries)
    {
        Scalar(key);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
        foreach (var item in items)
            Mapping(style, () => entries(item));
        _emitter.Emit(new SequenceEnd());
    }

    /// <summary>A list of texts, in one line.</summary>
    private protected void List(string key, IEnumerable<string> items)
    {
        Scalar(key);
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Flow));
        foreach (var item in items)
            Scalar(item);
        _emitter.Emit(new SequenceEnd());
    }

    private protected void Entry(string key, IFormattable? value) => Entry(key, value?.ToString(null, CultureInfo.InvariantCulture));

    private protected void Entry(string key, string? value)
    {
        if (value is null)
            return;
        Scalar(key);
        Scalar(value);
    }

    private protected static string Text<T>(T value)
        where T : struct, Enum => YamlSection.Camel(value.ToString());

    private protected static string Text(Duration duration) =>
        duration.Milliseconds % 1000 == 0 ? $"{duration.Milliseconds / 1000}s" : $"{duration.Milliseconds}ms";

    /// <summary>In the largest unit in which it is a whole number.</summary>
    private protected static string Text(Bandwidth bandwidth) => bandwidth.IsUnlimited ? "max" : $"{Whole((ulong)bandwidth.BytesPerSecond)}/s";

    /// <summary>In the largest unit in which it is a whole number.</summary>
    private protected static string Text(ByteSize size) => Whole((ulong)size.Bytes);

    private static string Whole(ulong bytes)
    {
        var (value, unit) = (bytes, 0);
        string[] units = ["B", "KiB", "MiB", "GiB"];
        while (value > 0 && value % 1024 == 0 && unit < units.Length - 1)
            (value, unit) = (value / 1024, unit + 1);
        return $"{value}{units[unit]}";
    }

    private void Mapping(MappingStyle style, Action entries)
    {
        _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
        entries();
        _emitter.Emit(new MappingEnd());
    }

    private void Scalar(string text)
    {
        // Plain, these would be read as nothing.
        var style = text is "" or "~" or "null" ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }
}
