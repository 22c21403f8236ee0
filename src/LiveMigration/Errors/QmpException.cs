namespace LiveMigration.Errors;

/// <summary>QEMU refused a command, with its full details.</summary>
public sealed class QmpException : LiveMigrationException
{
    internal QmpException(string command, string errorClass, string description, string monitor)
        : base(QmpFaults.Classify(errorClass, description), $"{monitor}: {command}: {description.TrimEnd('.', ' ', '\n')}.", monitor)
    {
        Command = command;
        ErrorClass = errorClass;
        Description = description;
    }

    /// <summary>The command that was refused, for example <c>migrate</c>.</summary>
    public string Command { get; }

    /// <summary>QMP's class of the error: <c>GenericError</c> for most, else <c>CommandNotFound</c>, <c>DeviceNotFound</c>, ….</summary>
    public string ErrorClass { get; }

    /// <summary>What QEMU said, unchanged.</summary>
    public string Description { get; }
}
