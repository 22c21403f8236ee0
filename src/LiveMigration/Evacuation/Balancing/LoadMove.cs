namespace LiveMigration.Evacuation.Balancing;

/// <summary>A unit and the host that it is to go to.</summary>
internal sealed record LoadMove(LoadUnit Unit, LoadHost To);
