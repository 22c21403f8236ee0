namespace LiveMigration.Evacuation;

/// <summary>What a plan is for.</summary>
public enum EvacuationGoal
{
    /// <summary>Hosts are emptied.</summary>
    Evacuate,

    /// <summary>The loads of hosts are made more even.</summary>
    Balance,

    /// <summary>VMs are packed onto fewer hosts, and the others are emptied.</summary>
    Pack,

    /// <summary>Each host gets the same number of VMs.</summary>
    Spread,
}
