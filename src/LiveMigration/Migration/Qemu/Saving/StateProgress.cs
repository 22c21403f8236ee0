namespace LiveMigration.Migration.Qemu.Saving;

/// <summary>How far a save or a restore is.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">Bytes of that; null where they are not counted.</param>
/// <param name="Total">Of how many; null where that is not known.</param>
public sealed record StateProgress(StateStep Step, long? Done = null, long? Total = null)
{
    /// <summary>How far the step is, in percent; null where that is not known.</summary>
    public int? Percent => Done is { } done && Total is > 0 and var total ? (int)Math.Clamp(done * 100 / total, 0, 100) : null;
}

/// <summary>A step of a save or a restore.</summary>
public enum StateStep
{
    /// <summary>QEMU writes its state.</summary>
    Writing,

    /// <summary>The programs behind QEMU come to their end, and the file is brought to the disk.</summary>
    Storing,

    /// <summary>The file is read to its end.</summary>
    Verifying,

    /// <summary>QEMU reads the state.</summary>
    Loading,
}
