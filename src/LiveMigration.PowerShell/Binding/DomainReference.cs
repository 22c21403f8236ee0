using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Migration;
using LiveMigration.Readiness;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A domain as a user names it: a name with wildcards, a UUID, or an object that is one or has its name or UUID.</summary>
public sealed class DomainReference : IReference
{
    /// <summary>A domain by what was typed.</summary>
    /// <param name="name">A name, with wildcards if several are meant, or a UUID.</param>
    public DomainReference(string name) => Text = name ?? "";

    /// <summary>A domain by its UUID.</summary>
    /// <param name="uuid">The UUID.</param>
    public DomainReference(Guid uuid) => Text = uuid.ToString();

    /// <summary>A domain that was found before.</summary>
    /// <param name="domain">Output of <c>Get-LibvirtDomain</c>.</param>
    public DomainReference(LibvirtDomain domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        Text = domain.Name;
        Domain = domain;
    }

    /// <summary>A domain that was migrated, where it is now.</summary>
    /// <param name="result">Output of <c>Start-VMLiveMigration</c>.</param>
    public DomainReference(MigrationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Text = result.Uuid.ToString();
        Host = new HostReference(result.Verdict is MigrationVerdict.Moved && result.Destination is { } there ? there : result.Source);
    }

    /// <summary>A domain that is being migrated.</summary>
    /// <param name="run">Output of <c>Get-VMLiveMigration</c>.</param>
    public DomainReference(MigrationRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        (Text, Domain, Run) = (run.Name, run.Domain, run.Domain is null ? run : null);
    }

    /// <summary>A domain that was judged.</summary>
    /// <param name="report">Output of <c>Test-MigrationReadiness</c>.</param>
    public DomainReference(ReadinessReport report)
        : this((report ?? throw new ArgumentNullException(nameof(report))).Domain ?? throw new ArgumentException($"'{report.Name}' is a QEMU without libvirt.", nameof(report)))
    {
    }

    /// <summary>A host, which is no domain: <c>Get-LibvirtDomain $host</c> lists what is on it, and what is typed first may be a destination.</summary>
    /// <param name="host">Output of <c>Get-LibvirtHost</c>.</param>
    public DomainReference(HostInfo host) => (Text, NotDomain) = ((host ?? throw new ArgumentNullException(nameof(host))).Name, new HostReference(host));

    /// <summary>A host, which is no domain.</summary>
    /// <param name="host">A connected host.</param>
    public DomainReference(LibvirtHost host) => (Text, NotDomain) = ((host ?? throw new ArgumentNullException(nameof(host))).Name, new HostReference(host));

    /// <summary>A domain by a row of a CSV file, a deserialised object, or anything else that has its name or UUID; or by a name that is a number.</summary>
    /// <param name="record">The object.</param>
    /// <exception cref="ArgumentException">It has neither.</exception>
    public DomainReference(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record is IConvertible and not (Enum or bool or DateTime or DBNull))
        {
            Text = LanguagePrimitives.ConvertTo<string>(record);
            return;
        }

        var properties = new RecordProperties(record);
        if (properties["Uri"] is not null)
        {
            // A host, whose UUID and name are not those of a domain.
            NotDomain = new HostReference(record);
            Text = properties["Name"] ?? NotDomain.Text;
            return;
        }

        Text = (Guid.TryParse(properties["Uuid"], out var uuid) ? uuid.ToString() : properties["Name", "VMName", "Domain", "DomainName"])
            ?? throw new ArgumentException($"'{record}' has neither the name of a VM nor its UUID.", nameof(record));
        var moved = properties["Verdict", "State"] is nameof(MigrationVerdict.Moved) ? properties["Destination"] : null;
        Host = (moved ?? properties["HostName", "Host", "ComputerName", "Source"]) is { } host ? new HostReference(host) : null;
    }

    private DomainReference(DomainReference other, IReadOnlyList<HostReference> hosts)
    {
        (Text, Domain, NotDomain, Run) = (other.Text, other.Domain, other.NotDomain, other.Run);
        Hosts = hosts;
    }

    /// <inheritdoc/>
    public string Text { get; }

    /// <summary>The domain itself, when it was given.</summary>
    internal LibvirtDomain? Domain { get; }

    /// <summary>The migration of a QEMU without libvirt that was given instead of a domain.</summary>
    internal MigrationRun? Run { get; }

    /// <summary>Where it is, when what was given says so.</summary>
    internal HostReference? Host { get; }

    /// <summary>Where to look for it; on the connected hosts when empty.</summary>
    internal IReadOnlyList<HostReference> Hosts { get; } = [];

    /// <summary>The host that was given instead of a domain.</summary>
    internal HostReference? NotDomain { get; }

    internal bool HasWildcard => Domain is null && Run is null && DomainQuery.HasWildcard(Text);

    /// <summary>What a host is to be asked for.</summary>
    internal string Query => Domain?.Uuid.ToString() ?? Text;

    /// <summary>The same, looked for on these hosts; an object that says where it is goes before hosts that were not typed.</summary>
    /// <param name="hosts">The hosts; none are all connected ones.</param>
    /// <param name="typed">Whether they stand on the command line.</param>
    internal DomainReference On(IReadOnlyList<HostReference> hosts, bool typed) =>
        new(this, typed || Host is null ? hosts : [Host]);

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;
}
