using LiveMigration.Domains;
using LiveMigration.Migration;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A domain as a user names it: a name with wildcards, a UUID, or an object that is one.</summary>
public sealed class DomainReference
{
    /// <summary>A domain by what was typed.</summary>
    /// <param name="name">A name, with wildcards if several are meant, or a UUID.</param>
    public DomainReference(string name) => Text = name ?? "";

    /// <summary>A domain by its UUID.</summary>
    /// <param name="uuid">The UUID.</param>
    public DomainReference(Guid uuid) => Text = uuid.ToString();

    /// <summary>A domain that was found before.</summary>
    /// <param name="domain">What <c>Get-LibvirtDomain</c> wrote.</param>
    public DomainReference(LibvirtDomain domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        Text = domain.Name;
        Domain = domain;
    }

    /// <summary>A domain that was migrated, where it is now.</summary>
    /// <param name="result">What <c>Start-VMLiveMigration</c> wrote.</param>
    public DomainReference(MigrationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Text = result.Uuid.ToString();
        Host = new HostReference(result.Verdict is MigrationVerdict.Moved && result.Destination is { } there ? there : result.Source);
    }

    /// <summary>A domain that was judged.</summary>
    /// <param name="report">What <c>Test-MigrationReadiness</c> wrote.</param>
    public DomainReference(ReadinessReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Text = report.Name;
        Domain = report.Domain;
    }

    internal string Text { get; }

    /// <summary>The domain itself, when it was given.</summary>
    internal LibvirtDomain? Domain { get; }

    /// <summary>Where it is, when what was given says so.</summary>
    internal HostReference? Host { get; }

    internal bool HasWildcard => Domain is null && DomainQuery.HasWildcard(Text);

    /// <summary>What was given.</summary>
    public override string ToString() => Text;
}
