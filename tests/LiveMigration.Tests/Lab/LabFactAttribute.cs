namespace LiveMigration.Tests.Lab;

/// <summary>A test on real hosts: left out, with the reason, where the lab cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabFactAttribute : FactAttribute
{
    private string _needs = "";

    public LabFactAttribute() => Skip = LabHosts.Unavailable;

    /// <summary>A device of the machine without which the test is left out.</summary>
    public string Needs
    {
        get => _needs;
        set
        {
            _needs = value;
            Skip ??= File.Exists(value) ? null : $"The machine has no {value}.";
        }
    }
}
