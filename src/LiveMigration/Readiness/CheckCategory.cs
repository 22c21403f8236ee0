namespace LiveMigration.Readiness;

/// <summary>What a check is about.</summary>
public enum CheckCategory
{
    /// <summary>The hosts' daemons and their versions.</summary>
    Connectivity,

    /// <summary>The network between the hosts.</summary>
    Network,

    /// <summary>Certificates and encryption.</summary>
    Tls,

    /// <summary>The VM's state.</summary>
    State,

    /// <summary>Room for the VM on the destination.</summary>
    Capacity,

    /// <summary>CPU, machine and features.</summary>
    Cpu,

    /// <summary>Devices, and what they are connected to.</summary>
    Devices,

    /// <summary>Disks.</summary>
    Storage,

    /// <summary>The requested options.</summary>
    Strategy,
}
