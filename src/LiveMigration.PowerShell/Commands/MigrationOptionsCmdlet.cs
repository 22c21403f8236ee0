using System.Collections;
using System.Management.Automation;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Parameters → <see cref="MigrationOptions"/>.</summary>
public abstract class MigrationOptionsCmdlet : MigrationStorageCmdlet
{
    /// <summary>Who steers.</summary>
    [Parameter]
    public MigrationMode Mode { get; set; }

    /// <summary>After this long, -OnTimeout happens.</summary>
    [Parameter]
    [SecondsTransformation]
    public Duration? Timeout { get; set; }

    /// <summary>What happens after -Timeout.</summary>
    [Parameter]
    public TimeoutAction? OnTimeout { get; set; }

    /// <summary>Move the definition of a VM that does not run.</summary>
    [Parameter]
    public SwitchParameter Offline { get; set; }

    /// <summary>Leave the definition on the source.</summary>
    [Parameter]
    public SwitchParameter KeepSource { get; set; }

    /// <summary>Another name on the destination.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Where the memory stream goes, as the source reaches it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MigrationUri { get; set; }

    /// <summary>The address on which the destination listens for the stream.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ListenAddress { get; set; }

    /// <summary>The port on which the destination takes copied disks.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? DisksPort { get; set; }

    /// <summary>Whether memory and disks travel encrypted.</summary>
    [Parameter]
    public MigrationTls Tls { get; set; }

    /// <summary>The name in the destination's certificate.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TlsName { get; set; }

    /// <summary>The destination's libvirt URI, as the source reaches it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationUri { get; set; }

    /// <summary>The definition to use on the destination.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationXml { get; set; }

    /// <summary>Other paths on the destination, by target name.</summary>
    [Parameter]
    public Hashtable? DiskMap { get; set; }

    /// <summary>Other networks or bridges on the destination, by name.</summary>
    [Parameter]
    public Hashtable? NetworkMap { get; set; }

    /// <summary>The address on which the destination offers the screen.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? GraphicsListen { get; set; }

    /// <summary>A migration that moves nothing for this long is aborted.</summary>
    [Parameter]
    [SecondsTransformation]
    public Duration StallTimeout { get; set; } = MigrationOptions.Default.StallTimeout;

    /// <summary>Migrate although libvirt takes the disks for unsafe.</summary>
    [Parameter]
    public SwitchParameter AllowUnsafe { get; set; }

    /// <summary>Migrate although the destination has less memory available.</summary>
    [Parameter]
    public SwitchParameter AllowMemoryOvercommit { get; set; }

    private protected MigrationOptions Options => Tuning with
    {
        Mode = Mode,
        Timeout = Timeout,
        OnTimeout = OnTimeout,
        Offline = Offline,
        KeepSource = KeepSource,
        NewName = NewName,
        MigrationUri = MigrationUri,
        ListenAddress = ListenAddress,
        DisksPort = DisksPort,
        Tls = Tls,
        TlsName = TlsName,
        DestinationUri = DestinationUri,
        DestinationXml = DestinationXml,
        DiskMap = Map(DiskMap),
        NetworkMap = Map(NetworkMap),
        GraphicsListen = GraphicsListen,
        Storage = Storage,
        StallTimeout = StallTimeout,
        AllowUnsafe = AllowUnsafe,
        AllowMemoryOvercommit = AllowMemoryOvercommit,
    };

    private static Dictionary<string, string> Map(Hashtable? table) =>
        (table ?? []).Cast<DictionaryEntry>().ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}");
}
