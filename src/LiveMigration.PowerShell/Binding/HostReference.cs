using System.Management.Automation;
using LiveMigration.Domains;
using LiveMigration.Hosts;
using LiveMigration.Hypervisors.Qemu;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A host as a user names it: a URI, a connected name, an alias, a bare host name, or an object that is one.</summary>
public sealed class HostReference : IReference
{
    /// <summary>A host by what was typed.</summary>
    /// <param name="host">A libvirt URI, a connected name (with wildcards: several), an alias or a host name.</param>
    public HostReference(string host) => Text = host?.Trim() ?? "";

    /// <summary>A host by its description.</summary>
    /// <param name="host">Output of <c>Get-LibvirtHost</c>.</param>
    public HostReference(HostInfo host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Text = HostSessions.Find(host.Name) is { } known && known.Uri == host.Uri ? host.Name : host.Uri.Text;
    }

    /// <summary>A host by its connection.</summary>
    /// <param name="host">A connected host.</param>
    public HostReference(LibvirtHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Text = host.Name;
        Host = host;
    }

    /// <summary>A host by its URI.</summary>
    /// <param name="uri">The URI.</param>
    public HostReference(HostUri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        Text = uri.Text;
    }

    /// <summary>A host by a VM that is on it.</summary>
    /// <param name="domain">Output of <c>Get-LibvirtDomain</c>.</param>
    public HostReference(LibvirtDomain domain)
        : this((domain ?? throw new ArgumentNullException(nameof(domain))).Host) => OfDomain = domain.Name;

    /// <summary>A QEMU without libvirt, which is a destination by itself.</summary>
    /// <param name="process">Output of <c>Connect-QemuProcess</c>.</param>
    public HostReference(QemuProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        Text = process.Address.Text;
        Process = process;
    }

    /// <summary>A host as a row of a file, or from another session, with the properties of <c>Get-LibvirtHost</c>; or a VM that is on it, likewise.</summary>
    /// <param name="record">The object.</param>
    /// <exception cref="ArgumentException">It has no URI, and is no VM on a host.</exception>
    public HostReference(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var properties = new RecordProperties(record);
        if (properties["Uri"] is { } uri)
        {
            Text = properties["Name"] is { } name && HostSessions.Find(name)?.Uri.Text == uri ? name : uri;
            return;
        }

        // A row that names a VM beside its host is the VM's: what empties hosts must not take it for the host.
        var host = properties["HostName", "Host", "ComputerName", "Source"];
        OfDomain = properties["VMName", "Domain", "DomainName", "Name", "Uuid"];
        Text = host is not null && OfDomain is not null && OfDomain != host ? host : throw new ArgumentException($"'{record}' is not a host.", nameof(record));
    }

    /// <inheritdoc/>
    public string Text { get; }

    /// <summary>The VM that was given instead of a host.</summary>
    internal string? OfDomain { get; }

    /// <summary>The host itself, when it was given.</summary>
    internal LibvirtHost? Host { get; }

    /// <summary>The QEMU without libvirt that was given instead of a host.</summary>
    internal QemuProcess? Process { get; }

    internal bool IsUri => Text.Contains("://", StringComparison.Ordinal);

    internal bool HasWildcard => !IsUri && WildcardPattern.ContainsWildcardCharacters(Text);

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;
}
