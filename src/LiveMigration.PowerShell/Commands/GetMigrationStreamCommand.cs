using System.Management.Automation;
using LiveMigration.Errors;
using LiveMigration.PowerShell.Binding;
using LiveMigration.PowerShell.Completion;
using LiveMigration.PowerShell.Errors;
using LiveMigration.PowerShell.Pipeline;
using LiveMigration.Streams;
using LiveMigration.Units;

namespace LiveMigration.PowerShell.Commands;

/// <summary>files that QEMU or libvirt wrote → what is in them.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationStream", DefaultParameterSetName = "Files", HelpUri = OnlineHelp.Pages + "Get-MigrationStream.md")]
[OutputType(typeof(MigrationStream), typeof(DeviceField), typeof(StreamDifference))]
public sealed class GetMigrationStreamCommand : AsyncCmdlet
{
    /// <summary>The folder of the other stream's RAM in the first one's: no block's file is called so.</summary>
    private const string Compared = "~compared";

    private string? _memoryOf;

    /// <summary>The files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Files")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The same, without wildcards.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralFiles")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Another file, to compare with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Compare { get; set; }

    /// <summary>The devices whose fields are shown, or compared.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(StreamDeviceCompleter))]
    public string[]? Device { get; set; }

    /// <summary>The folder that gets the RAM.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Memory { get; set; }

    /// <summary>Bytes in front of the stream.</summary>
    [Parameter]
    [SizeTransformation]
    public ByteSize Offset { get; set; }

    /// <summary>Replace files in the folder of the RAM.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var path in Path)
        {
            if (this.ExpandFiles(path).ToArray() is { Length: > 0 } files)
                await ReadAsync(files, output, cancellationToken);
            else
                await output.WriteErrorAsync(new LiveMigrationException(Faults.StreamNotReadable, $"'{path}' matches no file.").ToErrorRecord(path));
        }

        await ReadAsync(LiteralPath.Select(path => OutputFile.Locate(this, path)), output, cancellationToken);
    }

    private async Task ReadAsync(IEnumerable<string> files, PipelineOutput output, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            try
            {
                await WriteAsync(file, output, cancellationToken);
            }
            catch (LiveMigrationException error)
            {
                await output.WriteErrorAsync(error.ToErrorRecord(file));
            }
        }
    }

    private async Task WriteAsync(string file, PipelineOutput output, CancellationToken cancellationToken)
    {
        var folder = Memory is null ? null : OutputFile.Locate(this, Memory);
        if (folder is not null && (_memoryOf ??= file) != file)
            throw new LiveMigrationException(Faults.ContradictingOptions, $"-Memory takes the RAM of one stream, and the folder has that of '{_memoryOf}'.");
        var reading = new StreamReading
        {
            Offset = Offset, MemoryFolder = folder, ReplaceMemory = Force,
            FieldsOf = Device is not null ? Named(Device) : Compare is not null ? _ => true : null,
        };
        var stream = MigrationStreamReader.Read(file, reading, cancellationToken);
        if (Compare is not null)
        {
            var beside = folder is null ? null : System.IO.Path.Combine(folder, Compared);
            var other = MigrationStreamReader.Read(this.ToFile(Compare, Faults.StreamNotReadable), reading with { MemoryFolder = beside }, cancellationToken);
            Warn(stream, output);
            Warn(other, output);
            await output.WriteObjectsAsync(StreamComparison.Compare(stream, other));
            if (folder is not null)
                await output.WriteObjectsAsync(StreamMemoryComparison.Compare(stream, folder, other, beside!, cancellationToken));
        }
        else if (Device is not null)
        {
            Warn(stream, output);
            foreach (var name in Device.Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !stream.Sections.Any(section => Named([name])(section))))
                await output.WriteErrorAsync(new LiveMigrationException(Faults.StreamDeviceNotFound, $"'{file}' has no device '{name}'.").ToErrorRecord(name));
            await output.WriteObjectsAsync(stream.Fields);
        }
        else
        {
            await output.WriteObjectAsync(stream);
        }
    }

    private static Predicate<StreamSection> Named(string[] names)
    {
        var patterns = Array.ConvertAll(names, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        return section => patterns.Any(pattern => pattern.IsMatch(section.Name))
            || names.Contains(section.Title, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Where the stream itself is not what is shown.</summary>
    private static void Warn(MigrationStream stream, PipelineOutput output)
    {
        if (stream.Damage is [var first, ..])
            output.WriteWarning($"'{stream.Path}' is damaged at {first.Offset}: {first.What}");
    }
}
