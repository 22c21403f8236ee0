using System.Management.Automation;
using LiveMigration.Evacuation;
using LiveMigration.Hosts;

namespace LiveMigration.PowerShell.Binding;

/// <summary>An evacuation as a user names it: by its id, or an object that has it; or all those of a host, by the host's object.</summary>
public sealed class EvacuationReference : IReference
{
    /// <summary>An evacuation by its id.</summary>
    /// <param name="id">The id, with wildcards where several may be meant.</param>
    public EvacuationReference(string id) => Text = id?.Trim() ?? "";

    /// <summary>An evacuation by what the module says of it.</summary>
    /// <param name="evacuation">Output of <c>Get-HostEvacuation</c>.</param>
    public EvacuationReference(HostEvacuation evacuation) => Text = (evacuation ?? throw new ArgumentNullException(nameof(evacuation))).Id;

    /// <summary>The evacuations of a host.</summary>
    /// <param name="host">Output of <c>Get-LibvirtHost</c>.</param>
    public EvacuationReference(HostInfo host) => Text = HostName = (host ?? throw new ArgumentNullException(nameof(host))).Name;

    /// <summary>The evacuations of a host.</summary>
    /// <param name="host">A connected host.</param>
    public EvacuationReference(LibvirtHost host) => Text = HostName = (host ?? throw new ArgumentNullException(nameof(host))).Name;

    /// <summary>An evacuation or a host that was in a file or in another session.</summary>
    /// <param name="record">The object.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public EvacuationReference(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var properties = new RecordProperties(record);
        HostName = properties["Uri"] is null ? null : properties["Name"];
        Text = HostName ?? properties["Id"] ?? throw new ArgumentException($"'{record}' is not an evacuation.", nameof(record));
    }

    /// <inheritdoc/>
    public string Text { get; }

    /// <summary>The host that was given instead of an evacuation.</summary>
    internal string? HostName { get; }

    internal bool HasWildcard => HostName is null && WildcardPattern.ContainsWildcardCharacters(Text);

    /// <summary>The original value as text.</summary>
    public override string ToString() => Text;
}
