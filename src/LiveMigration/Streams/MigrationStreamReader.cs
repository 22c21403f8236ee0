using LiveMigration.Errors;
using LiveMigration.Streams.Containers;
using LiveMigration.Streams.Descriptions;
using LiveMigration.Streams.Reading;

namespace LiveMigration.Streams;

/// <summary>
/// Reads what QEMU (2.4 and newer) or libvirt wrote into a file: once, from front to back, with a few megabytes of memory whatever the file says.
/// What is wrong with the file is part of the result.
/// </summary>
public static class MigrationStreamReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; a named pipe will do.</param>
    /// <param name="reading">What is to be read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LiveMigrationException">It cannot be read, holds no stream, a program to decompress it is missing, or the RAM cannot be written.</exception>
    public static MigrationStream Read(string path, StreamReading? reading = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = StreamFile.Open(path);
        return Read(file, path, reading, cancellationToken);
    }

    /// <summary>Reads an open file, a pipe or anything else that bytes come from.</summary>
    /// <param name="file">Where they come from, from its position on; the caller closes it.</param>
    /// <param name="path">What it is called in the result and in messages.</param>
    /// <param name="reading">What is to be read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LiveMigrationException">It cannot be read, holds no stream, a program to decompress it is missing, or the RAM cannot be written.</exception>
    public static MigrationStream Read(Stream file, string path, StreamReading? reading = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        reading ??= new StreamReading();
        var findings = new Findings();
        try
        {
            using var entered = StreamFile.Enter(file, path, reading.Offset, findings, cancellationToken);
            return Walk(path, entered, reading, findings);
        }
        catch (BrokenStreamException broken)
        {
            findings.Add(broken.Offset, broken.Message);
            return new MigrationStream { Path = path, Damage = findings.All };
        }
        catch (IOException error)
        {
            throw StreamFile.NotReadable(path, error);
        }
    }

    private static MigrationStream Walk(string path, StreamFile file, StreamReading reading, Findings findings)
    {
        var start = file.Input.Position;
        var known = file.Seekable is { } seekable ? DescriptionSearch.Find(seekable, start) : null;
        var devices = new DeviceStates(known, reading.FieldsOf);
        using var image = reading.MemoryFolder is { } folder ? new RamImage(folder, reading.ReplaceMemory) : null;
        var walk = new RecordWalk(file.Input, findings, image, devices);
        walk.Run();
        var end = file.Input.Position;
        if (walk.Description is { } description)
            devices.Check(description, findings);
        if (file.Complaint() is { } complaint)
            findings.Add(file.Input.Position, complaint);
        var blocks = walk.Ram.Sum();
        image?.Finish(blocks);
        if (walk.Ram.IsElsewhere)
            findings.Add(start, "The RAM was sent over connections of its own (multifd): it is not in this file.");
        return new MigrationStream
        {
            Path = path,
            Form = FormOf(walk, blocks),
            Compression = file.Compression,
            Libvirt = file.Header,
            Machine = walk.Configuration?.Machine,
            Uuid = walk.Configuration?.Uuid,
            Capabilities = walk.Configuration?.Capabilities ?? [],
            PageSize = walk.Ram.PageSize,
            StreamLength = end - start,
            RamBlocks = blocks,
            Sections = [.. walk.Sections.Select(section => section.Sum())],
            DirtyBitmaps = walk.DirtyBitmaps,
            Commands = walk.Commands.Found,
            Fields = devices.Fields(walk.Description ?? known),
            HasDescription = walk.Description is not null,
            Damage = findings.All,
        };
    }

    private static StreamForm FormOf(RecordWalk walk, IReadOnlyList<RamBlock> blocks) =>
        walk.Ram.IsMapped ? StreamForm.MappedRam
        : walk.Commands.HasPostCopy ? StreamForm.PostCopy
        : walk.Ram.IsElsewhere ? StreamForm.Elsewhere
        : blocks.Count == 0 ? StreamForm.DevicesOnly
        : StreamForm.Plain;
}
