using System.Collections;
using System.Management.Automation;
using System.Xml;
using System.Xml.Linq;
using LiveMigration.Errors;
using LiveMigration.Planning;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Errors;
using LiveMigration.Security;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>Parameters → <see cref="MigrationOptions"/>.</summary>
public abstract class MigrationOptionsCmdlet : MigrationStorageCmdlet
{
    private (string? Given, string? Text) _read;

    /// <summary>Who controls the migration.</summary>
    [Parameter]
    public MigrationMode Mode { get; set; }

    /// <summary>After this long, -OnTimeout happens.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime]
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

    /// <summary>Whether memory and disks are encrypted.</summary>
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
    [SupportsWildcards]
    public string? DestinationXml { get; set; }

    /// <summary>Other paths on the destination, by target name.</summary>
    [Parameter]
    public Hashtable? DiskMap { get; set; }

    /// <summary>Other networks, bridges or interfaces on the destination, by name.</summary>
    [Parameter]
    public Hashtable? NetworkMap { get; set; }

    /// <summary>The address on which the destination offers the screen.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? GraphicsListen { get; set; }

    /// <summary>A migration that moves nothing for this long is aborted.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration StallTimeout { get; set; } = MigrationOptions.Default.StallTimeout;

    /// <summary>How long the destination may prepare until the migration is aborted.</summary>
    [Parameter]
    [SecondsTransformation]
    [ShortestTime(1)]
    public Duration PrepareTimeout { get; set; } = MigrationOptions.Default.PrepareTimeout;

    /// <summary>Migrate although libvirt considers the disks unsafe.</summary>
    [Parameter]
    public SwitchParameter AllowUnsafe { get; set; }

    /// <summary>Migrate although the destination has less memory available.</summary>
    [Parameter]
    public SwitchParameter AllowMemoryOvercommit { get; set; }

    /// <summary>Refuses, before anything moves, what would give several VMs one name, one definition, one disk or one port.</summary>
    /// <param name="domains">How many there are.</param>
    /// <param name="oneAfterAnother">Whether they go one after another: then they can have one port.</param>
    private protected void RefuseForSeveral(int domains, bool oneAfterAnother)
    {
        if (domains < 2)
            return;
        string[] options =
        [
            .. NewName is null ? [] : new[] { "-NewName" },
            .. DestinationXml is null ? [] : new[] { "-DestinationXml" },
            .. Map(DiskMap).Values.Any(place => place.StartsWith('/')) ? new[] { "-DiskMap with a path" } : [],
            .. DisksPort is null || oneAfterAnother ? [] : new[] { "-DisksPort (unless -ThrottleLimit is 1)" },
        ];
        if (options.Length > 0)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"{string.Join(", ", options)} can hold for one VM only, and these are {domains}. Nothing was started.");
    }

    /// <summary>The definition itself, or what is in the file that was named.</summary>
    private string? Definition()
    {
        if (DestinationXml is null)
            return null;
        if (DestinationXml == _read.Given)
            return _read.Text;
        var text = DestinationXml;
        try
        {
            if (!text.TrimStart('\ufeff', ' ', '\t', '\r', '\n').StartsWith('<'))
                text = File.ReadAllText(this.ToFile(text, CmdletFaults.DefinitionNotReadable));
            if (XElement.Parse(text.TrimStart('\ufeff', ' ', '\t', '\r', '\n')).Name.LocalName != "domain")
                throw new LiveMigrationException(CmdletFaults.DefinitionNotReadable, "-DestinationXml: the outermost element is not <domain>.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or XmlException or NotSupportedException or ArgumentException or SessionStateException)
        {
            throw new LiveMigrationException(CmdletFaults.DefinitionNotReadable, $"-DestinationXml is neither a definition in XML nor a file that can be read: {error.Message}", innerException: error);
        }

        _read = (DestinationXml, text);
        return text;
    }

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
        DestinationXml = Definition(),
        DiskMap = Map(DiskMap),
        NetworkMap = Map(NetworkMap),
        GraphicsListen = GraphicsListen,
        Storage = Storage,
        StallTimeout = StallTimeout,
        PrepareTimeout = PrepareTimeout,
        AllowUnsafe = AllowUnsafe,
        AllowMemoryOvercommit = AllowMemoryOvercommit,
    };

    private static Dictionary<string, string> Map(Hashtable? table) =>
        (table ?? []).Cast<DictionaryEntry>().ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}");
}
