namespace LiveMigration.Tests.Lab;

/// <summary>A test on real hosts: left out, with the reason, where the lab cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LabTheoryAttribute : TheoryAttribute
{
    public LabTheoryAttribute() => Skip = LabHosts.Unavailable;
}
