using LiveMigration.Monitoring.Policies;
using YamlDotNet.Core;

namespace LiveMigration.PowerShell.Policy;

/// <summary>What is wrong in a file, and where each thing in it stands.</summary>
internal sealed class YamlErrors(string source)
{
    private readonly List<PolicyError> _errors = [];
    private readonly Dictionary<string, Mark> _places = [];

    internal bool IsEmpty => _errors.Count == 0;

    /// <summary>Remembers the place of a value.</summary>
    internal void Place(string path, Mark mark) => _places[path] = mark;

    internal void Add(Mark mark, string message) =>
        _errors.Add(new PolicyError(source, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column), message));

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
            throw new PolicyFormatException([.. _errors.OrderBy(error => (error.Line, error.Column))]);
    }
}
