namespace LiveMigration.Planning;

/// <summary>A domain's two definitions, as libvirt would send them.</summary>
/// <param name="Running">What runs.</param>
/// <param name="Stored">What the next start takes; null for a transient domain.</param>
internal sealed record DomainDefinitions(string Running, string? Stored);
