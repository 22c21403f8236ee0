using LiveMigration.Errors;
using LiveMigration.Monitoring.Policies;
using YamlDotNet.Core;

namespace LiveMigration.Yaml;

/// <summary>What is wrong in a file, and where each thing in it stands.</summary>
/// <param name="source">The file.</param>
/// <param name="text">What it holds.</param>
/// <param name="fault">What it is that something is wrong with it; null for a policy of migrations.</param>
internal sealed class YamlErrors(string source, string text, Fault? fault = null)
{
    private readonly string[] _lines = text.TrimEnd().Split('\n');
    private readonly List<PolicyError> _errors = [];
    private readonly Dictionary<string, Mark> _places = [];

    internal bool IsEmpty => _errors.Count == 0;

    /// <summary>Remembers the place of a value; the first one counts.</summary>
    internal void Place(string path, Mark mark) => _places.TryAdd(path, mark);

    /// <summary>Adds an error. What is missing at the end of the text is missing after its last letter.</summary>
    internal void Add(Mark mark, string message)
    {
        var (line, column) = mark.Line > _lines.Length
            ? (_lines.Length, _lines[^1].TrimEnd().Length + 1)
            : ((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
        _errors.Add(new PolicyError(source, line, column, message));
    }

    /// <summary>Adds a problem at its own place or, where nothing is written, at the nearest one around it.</summary>
    internal void Add(PolicyProblem problem)
    {
        var path = problem.Path;
        Mark place;
        while (!_places.TryGetValue(path, out place) && path.Length > 0)
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        var where = path == problem.Path && path.Length > 0 ? path[(path.LastIndexOf('.') + 1)..] : problem.Path;
        Add(place, $"{where}: {problem.Message}");
    }

    internal void Throw()
    {
        if (!IsEmpty)
            throw new PolicyFormatException([.. _errors.OrderBy(error => (error.Line, error.Column))], fault: fault);
    }
}
