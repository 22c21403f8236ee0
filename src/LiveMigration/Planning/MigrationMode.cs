namespace LiveMigration.Planning;

/// <summary>Who controls a migration.</summary>
public enum MigrationMode
{
    /// <summary>Peer-to-peer; where the source cannot reach the destination and nothing has begun, direct.</summary>
    Auto,

    /// <summary>The source's daemon (<c>VIR_MIGRATE_PEER2PEER</c>): survives the client.</summary>
    PeerToPeer,

    /// <summary>This client: it speaks to both daemons and must stay for as long as it takes.</summary>
    Direct,
}
