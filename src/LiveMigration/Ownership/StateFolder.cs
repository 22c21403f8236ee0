namespace LiveMigration.Ownership;

/// <summary>Where this user's journals are.</summary>
internal static class StateFolder
{
    /// <summary>The folder of one kind of journal; it may not be there yet.</summary>
    /// <param name="kind">What is written down, and the folder's name.</param>
    internal static string Of(string kind)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state))
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
        return Path.Combine(state, "livemigration", kind);
    }
}
