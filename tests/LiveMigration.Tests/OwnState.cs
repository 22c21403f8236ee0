using System.Runtime.CompilerServices;

namespace LiveMigration.Tests;

/// <summary>
/// Tests keep their journals beside themselves, by the lab: hosts of two labs have the same UUIDs, and a user has journals too.
/// </summary>
internal static class OwnState
{
    [ModuleInitializer]
    internal static void Use() => Environment.SetEnvironmentVariable("XDG_STATE_HOME", Path.Combine(AppContext.BaseDirectory, "state", Environment.GetEnvironmentVariable("LAB_NAME") ?? "own"));
}
