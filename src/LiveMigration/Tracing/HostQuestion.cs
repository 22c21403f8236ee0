using LiveMigration.Units;

namespace LiveMigration.Tracing;

/// <summary>A host was asked something, which may be several calls.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Took">From the question to the answer, with the wait for a free connection.</param>
public sealed record HostQuestion(string Host, Duration Took);
