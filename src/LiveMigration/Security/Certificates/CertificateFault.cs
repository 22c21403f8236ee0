namespace LiveMigration.Security.Certificates;

/// <summary>A problem with a certificate.</summary>
/// <param name="Kind">What.</param>
/// <param name="Message">What is wrong with which file or address.</param>
/// <param name="Fix">What fixes it.</param>
public sealed record CertificateFault(CertificateFaultKind Kind, string Message, string Fix)
{
    /// <summary>What is wrong.</summary>
    public override string ToString() => Message;
}
