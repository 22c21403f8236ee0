namespace LiveMigration.Security.Certificates;

/// <summary>Something that is wrong with a certificate.</summary>
/// <param name="Kind">What.</param>
/// <param name="Message">What is wrong with which file or address.</param>
/// <param name="Fix">What puts it right.</param>
public sealed record CertificateFault(CertificateFaultKind Kind, string Message, string Fix)
{
    /// <summary>What is wrong.</summary>
    public override string ToString() => Message;
}
