namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>A program of a pipeline.</summary>
/// <param name="Name">What its exit status is reported under: a word.</param>
/// <param name="Command">The command, for a shell; it reads its standard input and writes its standard output.</param>
internal readonly record struct ShellStage(string Name, string Command);
