using LiveMigration.Hosts;

namespace LiveMigration.PowerShell.Binding;

/// <summary>A host that is piped in as an object. A text is none: where VMs and hosts can be piped in, a text is a VM's name.</summary>
public sealed class PipedHost
{
    /// <summary>A host by its object.</summary>
    /// <param name="host">Output of <c>Get-LibvirtHost</c>, in this session or another.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public PipedHost(object host) => Reference = host switch
    {
        HostInfo info => new HostReference(info),
        LibvirtHost connected => new HostReference(connected),
        IConvertible => throw new ArgumentException($"'{host}' is not a host.", nameof(host)),
        _ when new HostReference(host) is { OfDomain: null } reference => reference,
        _ => throw new ArgumentException($"'{host}' is a VM, not a host.", nameof(host)),
    };

    internal HostReference Reference { get; }

    /// <summary>The original value as text.</summary>
    public override string ToString() => Reference.Text;
}
