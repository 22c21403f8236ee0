using LiveMigration.Units;

namespace LiveMigration.Monitoring.Policies.Checks;

/// <summary>A condition → the problem, or none.</summary>
internal static class Check
{
    internal static PolicyProblem[] Downtime(string path, Duration downtime) =>
        If(downtime.Milliseconds < 1 || downtime.Value > DowntimeSchedule.Most, path, $"Expected 1 ms to 2000 s, not {downtime}.");

    internal static PolicyProblem[] Ascending(string path, Duration initial, Duration max) =>
        If(max.CompareTo(initial) < 0, path, $"Expected at least the initial {initial}, not {max}.");

    internal static PolicyProblem[] AtLeast(string path, int value, int least) =>
        If(value < least, path, $"Expected {least} or more, not {value}.");

    internal static PolicyProblem[] Positive(string path, Duration duration) =>
        If(duration.Value <= TimeSpan.Zero, path, "Expected more than 0.");

    internal static PolicyProblem[] If(bool condition, string path, string message) =>
        condition ? [new PolicyProblem(path, message)] : [];
}
