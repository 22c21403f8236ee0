using LiveMigration.Benchmarks.Measuring;

namespace LiveMigration.Benchmarks.Migrating;

/// <summary>A program that connects, moves and ends.</summary>
internal sealed class ProcessMover(string program, Func<string, int, string[]> arguments) : Mover
{
    internal override Task MoveAsync(string guest, int from) => WholeProcess.RunAsync(program, arguments(guest, from));
}
