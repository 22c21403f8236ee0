using LiveMigration.Evacuation;
using LiveMigration.State;

namespace LiveMigration.PowerShell.Binding;

/// <summary>The user's state, which all runspaces of this process share.</summary>
internal static class UserState
{
    private static StateStore _store = new(StateStore.UserFolder);

    /// <summary>It is another one where a script has set XDG_STATE_HOME since.</summary>
    internal static StateStore Store => _store.Folder == StateStore.UserFolder ? _store : _store = new(StateStore.UserFolder);

    internal static HostEvacuations Evacuations => new(Store);
}
