using System.Globalization;
using LiveMigration.Errors;
using LiveMigration.Units;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LiveMigration.Yaml;

/// <summary>A mapping that is asked for one key after another, and at last for what nobody asked for.</summary>
internal sealed class YamlSection
{
    private readonly Dictionary<string, YamlNode> _values = [];
    private readonly Dictionary<string, Mark> _keys = [];
    private readonly List<string> _known = [];
    private readonly YamlErrors _errors;
    private readonly Mark _start;
    private readonly string _path;

    internal YamlSection(YamlMappingNode mapping, string path, YamlErrors errors)
    {
        (_errors, _start, _path) = (errors, mapping.Start, path);
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
            {
                errors.Add(key.Start, "Expected a name here.");
                continue;
            }

            _values.Add(name, value);
            _keys.Add(name, key.Start);
            errors.Place(path.Length == 0 ? name : $"{path}.{name}", value is YamlScalarNode ? value.Start : key.Start);
        }

        errors.Place(path, mapping.Start);
    }

    /// <summary>Reports keys that have to be there and are not.</summary>
    internal void Require(params string[] keys)
    {
        foreach (var key in keys.Where(key => !_values.ContainsKey(key)))
            _errors.Add(_start, $"'{key}' is missing.");
    }

    internal string? Text(string key) => Scalar(key, "text", text => text);

    /// <summary>A text that is one of these.</summary>
    internal string? Text(string key, IReadOnlyList<string> known, string? what = null) =>
        Scalar(key, what ?? $"one of {known[0]} to {known[^1]}", text => known.Contains(text) ? text : null);

    /// <summary>A list of texts; empty when there is none.</summary>
    internal IReadOnlyList<string> Texts(string key)
    {
        if (Value(key) is not { } value)
            return [];
        if (value is YamlSequenceNode list && list.Children.All(child => child is YamlScalarNode { Value.Length: > 0 }))
            return list.Children.Select(child => ((YamlScalarNode)child).Value!).ToArray();
        _errors.Add(value.Start, $"{key}: expected a list such as [a, b].");
        return [];
    }

    /// <summary>A list of things by their names; empty when there is none.</summary>
    internal IReadOnlyList<T> Texts<T>(string key, Func<string, T?> find, IEnumerable<string> names)
        where T : class
    {
        string[] all = [.. names];
        return [.. Texts(key).Select(text => Found(key, text, find, all)).OfType<T>()];
    }

    /// <summary>A thing by its name; null when there is none.</summary>
    internal T? Text<T>(string key, Func<string, T?> find, IEnumerable<string> names)
        where T : class =>
        Text(key) is { } text ? Found(key, text, find, names) : null;

    internal Guid? Uuid(string key) => Scalar<Guid?>(key, "a UUID", text => Guid.TryParse(text, out var uuid) ? uuid : null);

    /// <summary>A moment, written as 2026-12-31T02:00:00+01:00.</summary>
    internal DateTimeOffset? Moment(string key) => Scalar<DateTimeOffset?>(
        key,
        "a date and time such as 2026-12-31T02:00:00+01:00",
        text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment) ? moment : null);

    /// <summary>A day, written as 2026-12-31.</summary>
    internal DateOnly? Day(string key) => Scalar<DateOnly?>(
        key,
        "a date such as 2026-12-31",
        text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null);

    internal ByteSize? Size(string key) => Scalar<ByteSize?>(key, "a size such as 8GiB or 512MiB", text => Parsed(ByteSize.Parse, text));

    internal int? Number(string key) => Scalar<int?>(
        key,
        "an integer",
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <summary>How many of something there may be.</summary>
    internal int? Count(string key) => Scalar<int?>(
        key,
        "an integer of 1 or more",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null);

    internal double? Fraction(string key) => Scalar<double?>(
        key,
        "a number",
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null);

    /// <summary>A time with its unit: in a file, minutes are mistaken for milliseconds too easily.</summary>
    internal Duration? Time(string key) => Scalar<Duration?>(
        key,
        "a time with a unit, such as 300ms, 1.5s, 10min or 2h",
        text => HasUnit(text) ? Parsed(Duration.Parse, text) : null);

    internal Bandwidth? Rate(string key) => Scalar<Bandwidth?>(
        key,
        "a bandwidth such as 500MiB/s, 4Gbit/s, 500 (MiB/s) or max",
        text => Parsed(Bandwidth.Parse, text));

    internal T? Choice<T>(string key)
        where T : struct, Enum =>
        Scalar<T?>(
            key,
            $"one of {string.Join(", ", Enum.GetNames<T>().Select(Camel))}",
            text => char.IsAsciiLetter(text.FirstOrDefault()) && Enum.TryParse<T>(text, ignoreCase: true, out var value)
                && Enum.IsDefined(value)
                    ? value
                    : null);

    internal bool? Flag(string key) =>
        Scalar<bool?>(key, "true or false", text => text is "true" ? true : text is "false" ? false : null);

    internal bool Has(string key) => Value(key) is not null;

    internal bool IsScalar(string key) => _values.GetValueOrDefault(key) is YamlScalarNode;

    internal YamlSection? Section(string key)
    {
        if (Value(key) is not { } value)
            return null;
        if (value is YamlMappingNode mapping)
            return new YamlSection(mapping, Path(key), _errors);
        _errors.Add(value.Start, $"{key}: expected names with values.");
        return null;
    }

    internal IEnumerable<YamlSection> Sections(string key)
    {
        if (Value(key) is not YamlSequenceNode list)
        {
            _errors.Add(_values.TryGetValue(key, out var other) ? other.Start : _start, $"{key}: expected a list.");
            yield break;
        }

        for (var index = 0; index < list.Children.Count; index++)
        {
            if (list.Children[index] is YamlMappingNode mapping)
                yield return new YamlSection(mapping, $"{Path(key)}[{index}]", _errors);
            else
                _errors.Add(list.Children[index].Start, $"{key}: expected names with values.");
        }
    }

    /// <summary>Which of these keys there is; exactly one is expected.</summary>
    internal string? OneOf(params string[] keys)
    {
        _known.AddRange(keys.Except(_known));
        var there = keys.Where(_values.ContainsKey).ToArray();
        if (there.Length != 1)
            _errors.Add(_start, $"Expected exactly one of {string.Join(", ", keys)}.");
        return there.Length == 1 ? there[0] : null;
    }

    /// <summary>Reports what nobody asked for.</summary>
    internal void Finish()
    {
        foreach (var (key, place) in _keys.Where(key => !_known.Contains(key.Key)))
        {
            var ask = NearNames.Ask(NearNames.Of(key, _known));
            _errors.Add(place, $"'{key}' is not a known setting here. {ask ?? $"Expected: {string.Join(", ", _known)}."}");
        }
    }

    internal static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static bool HasUnit(string text) =>
        char.IsAsciiLetter(text.LastOrDefault()) || text.Contains(':', StringComparison.Ordinal);

    private static T? Parsed<T>(Func<string, T> parse, string text)
        where T : struct
    {
        try
        {
            return parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private string Path(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private YamlNode? Value(string key)
    {
        if (!_known.Contains(key))
            _known.Add(key);
        return _values.GetValueOrDefault(key);
    }

    private T? Found<T>(string key, string text, Func<string, T?> find, IEnumerable<string> names)
        where T : class
    {
        var thing = find(text);
        if (thing is null)
            _errors.Add(Value(key)!.Start, $"{key}: '{text}' matches none or several of the names in this file. {NearNames.Ask(NearNames.Of(text, names))}".TrimEnd());
        return thing;
    }

    private T? Scalar<T>(string key, string expected, Func<string, T?> read)
    {
        if (Value(key) is not { } value)
            return default;
        if (value is not YamlScalarNode { Value: { } text } scalar)
        {
            _errors.Add(value.Start, $"{key}: expected {expected}.");
            return default;
        }

        var nothing = scalar.Style is ScalarStyle.Plain && text is "" or "~" or "null";
        var result = nothing ? default : read(text);
        if (result is null)
            _errors.Add(value.Start, $"{key}: expected {expected}{(nothing ? "" : $", not '{text}'")}.");
        return result;
    }
}
