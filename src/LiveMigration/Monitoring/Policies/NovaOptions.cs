using System.Globalization;

namespace LiveMigration.Monitoring.Policies;

/// <summary>The options of section [libvirt] that speak of migrations, read as oslo.config reads them.</summary>
internal sealed class NovaOptions
{
    private const string Prefix = "live_migration_";

    private readonly Dictionary<string, (string Value, int Line, int Column)> _options = [];
    private readonly List<PolicyError> _errors = [];
    private readonly string _source;

    internal NovaOptions(string text, string source)
    {
        _source = source;
        var inside = false;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var content = line.Trim();
            // A line that is indented goes on with the value before it, which no option here needs.
            if (content.Length == 0 || content[0] is '#' or ';' || char.IsWhiteSpace(line[0]))
                continue;
            if (content[0] == '[')
                inside = content.Equals("[libvirt]", StringComparison.OrdinalIgnoreCase);
            else if (inside)
                Add(line, number);
        }
    }

    internal int Number(string name, int otherwise, int least)
    {
        if (!_options.Remove(name, out var option))
            return otherwise;
        if (int.TryParse(option.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least)
            return value;
        Report(option, $"'{option.Value}' is not a valid value of {name}: expected an integer of {least} or more.");
        return otherwise;
    }

    internal bool Flag(string name)
    {
        if (!_options.Remove(name, out var option))
            return false;
        if (option.Value.ToLowerInvariant() is "true" or "1" or "on" or "yes")
            return true;
        if (option.Value.ToLowerInvariant() is not ("false" or "0" or "off" or "no"))
            Report(option, $"'{option.Value}' is not a valid value of {name}: expected true or false.");
        return false;
    }

    internal string Choice(string name, params string[] values)
    {
        if (!_options.Remove(name, out var option))
            return values[0];
        if (!values.Contains(option.Value))
            Report(option, $"'{option.Value}' is not a valid value of {name}: expected {string.Join(" or ", values)}.");
        return option.Value;
    }

    /// <summary>Throws what was wrong; tells what was left over.</summary>
    internal IReadOnlyList<string> Finish() => _errors.Count > 0
        ? throw new PolicyFormatException([.. _errors.OrderBy(error => error.Line)])
        : [.. _options.OrderBy(option => option.Value.Line).Select(option =>
            $"{_source}:{option.Value.Line}: {option.Key} is not part of a policy and was ignored.")];

    /// <summary>An option that is there twice has the last value.</summary>
    private void Add(string line, int number)
    {
        var at = line.AsSpan().IndexOfAny('=', ':');
        if (at < 0)
        {
            Report(("", number, 1), $"'{line.Trim()}' is neither a section nor an option: expected NAME = VALUE.");
            return;
        }

        var (name, value) = (line[..at].Trim(), line[(at + 1)..]);
        if (name.StartsWith(Prefix, StringComparison.Ordinal))
            _options[name] = (value.Trim(), number, at + 2 + (value.Length - value.TrimStart().Length));
    }

    private void Report((string Value, int Line, int Column) option, string message) =>
        _errors.Add(new PolicyError(_source, option.Line, option.Column, message));
}
