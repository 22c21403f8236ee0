namespace LiveMigration.Security.Certificates;

/// <summary>From when until when a certificate holds.</summary>
/// <param name="NotBefore">From when.</param>
/// <param name="NotAfter">Until when.</param>
internal readonly record struct CertificateValidity(DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>Clocks of hosts differ: what is made now holds on each of them.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    internal static CertificateValidity Days(int days, DateTimeOffset now) => new(now - Slack, now.AddDays(days));
}
