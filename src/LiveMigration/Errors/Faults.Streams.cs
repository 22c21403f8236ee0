namespace LiveMigration.Errors;

/// <summary>Faults of streams in files.</summary>
public static partial class Faults
{
    /// <summary>The file with a stream cannot be read.</summary>
    public static readonly Fault StreamNotReadable = new("StreamNotReadable", FaultCategory.ObjectNotFound,
        "Check the path and the file's permissions; files that libvirt writes belong to root.");

    /// <summary>The file holds no stream.</summary>
    public static readonly Fault StreamNotRecognized = new("StreamNotRecognized", FaultCategory.InvalidArgument,
        "Specify a file that QEMU (migrate to exec: or file:) or libvirt (virsh save, managedsave, snapshot-create with memory) wrote. Where something is in front of the stream, add -Offset; where it is encrypted, decrypt it first.");

    /// <summary>The program that decompresses the stream is not installed.</summary>
    public static readonly Fault DecompressorMissing = new("DecompressorMissing", FaultCategory.ResourceUnavailable,
        "Install the program that the message names.");

    /// <summary>The stream has no such device.</summary>
    public static readonly Fault StreamDeviceNotFound = new("StreamDeviceNotFound", FaultCategory.ObjectNotFound,
        "List its devices: (Get-MigrationStream FILE).Sections.");

    /// <summary>Writing the memory would replace a file.</summary>
    public static readonly Fault MemoryExists = new("MemoryExists", FaultCategory.ResourceExists,
        "Specify another folder, or replace its files with -Force.");

    /// <summary>The memory cannot be written.</summary>
    public static readonly Fault MemoryNotWritable = new("MemoryNotWritable", FaultCategory.PermissionDenied,
        "Check that the folder is writable and that its file system has room.");
}
