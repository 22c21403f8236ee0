namespace LiveMigration.Errors;

/// <summary>Faults of saved states.</summary>
public static partial class Faults
{
    /// <summary>The state of a guest was not saved.</summary>
    public static readonly Fault StateNotSaved = new("StateNotSaved", FaultCategory.InvalidResult,
        "Fix what the message names and save again. Nothing of this try is left, and the message says how the VM is.");

    /// <summary>Saving would replace a file.</summary>
    public static readonly Fault StateExists = new("StateExists", FaultCategory.ResourceExists,
        "Specify another path, or replace the file, and the one with .json behind its name, with -Force.");

    /// <summary>The file cannot be written on QEMU's host.</summary>
    public static readonly Fault StateNotWritable = new("StateNotWritable", FaultCategory.PermissionDenied,
        "Check that the folder exists on the host where QEMU runs, and that the user that QEMU runs as, and you, may write to it.");

    /// <summary>The key cannot be used.</summary>
    public static readonly Fault StateKeyUnusable = new("StateKeyUnusable", FaultCategory.SecurityError,
        "With -KeyFile, specify a file on the host where QEMU runs that QEMU's user and you can read: for age the identity that belongs to the recipient, for gpg a file with the passphrase in its first line.");

    /// <summary>A program that is needed is not there.</summary>
    public static readonly Fault ProgramMissing = new("ProgramMissing", FaultCategory.ResourceUnavailable,
        "Install the program that the message names on the host where QEMU runs.");

    /// <summary>A saved state is damaged.</summary>
    public static readonly Fault StateDamaged = new("StateDamaged", FaultCategory.InvalidResult,
        "Restore an older state, or the file from a copy of it. Get-MigrationStream shows what is in a file that is not encrypted.");

    /// <summary>A saved state does not fit the QEMU that is to load it.</summary>
    public static readonly Fault StateDoesNotFit = new("StateDoesNotFit", FaultCategory.InvalidOperation,
        "Start the QEMU that waits with the command line of the one that was saved: the same machine type, memory, CPUs and devices.");

    /// <summary>A saved state was not restored.</summary>
    public static readonly Fault StateNotRestored = new("StateNotRestored", FaultCategory.InvalidResult,
        "The file is unchanged. What QEMU says stands on its standard error, of one that Start-QemuDestination started in the .log file beside its monitor. Fix that, start another QEMU and restore again.");
}
