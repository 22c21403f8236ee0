using System.Reflection;
using System.Runtime.CompilerServices;

namespace LiveMigration.Tests;

/// <summary>No test has the user's own state, by accident either: in its place is nothing that could be read or written. A client that a test starts has that of the test.</summary>
internal static class NoUserState
{
    [ModuleInitializer]
    internal static void Hide()
    {
        if (Assembly.GetEntryAssembly() != typeof(NoUserState).Assembly)
            Environment.SetEnvironmentVariable("XDG_STATE_HOME", "/dev/null/nothing");
    }
}
